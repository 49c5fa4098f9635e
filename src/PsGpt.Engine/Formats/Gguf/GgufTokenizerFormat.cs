using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Gguf;

/// <summary>The tokenizer of a GGUF file, without its weights; llama.cpp also has files that hold nothing else.</summary>
internal sealed class GgufTokenizerFormat : ITokenizerFormat
{
    public string Name => "gguf";

    public string Description => "the tokenizer in a GGUF file of GPT-2, with its model or alone";

    public bool Recognizes(string path) => GgufHeader.HasMagic(FileStart.Read(path, 4));

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        if (!File.Exists(path))
            throw new GptException("PathNotFound", GptErrorKind.NotFound, $"There is no file '{path}'. Give the path of a GGUF file.");
        using var file = new FileBytes(path);
        Tokenizer? ReadTokenizer() => GgufTokenizer.Read(GgufHeader.Read(file, path).Metadata, vocabularySize: 0, path, warn);
        return GgufFormat.ReadWhole(file, path, ReadTokenizer)
            ?? throw new GptException("TokenizerMissing", GptErrorKind.NotFound,
                $"The GGUF file '{path}' holds no tokenizer. Give the file of one, such as a tokenizer.json.");
    }

    public byte[] Write(Tokenizer tokenizer) => throw FindObstacle(tokenizer);

    public GptException FindObstacle(Tokenizer tokenizer) => new("FormatCannotHold", GptErrorKind.NotSupported,
        "A GGUF file holds a model and its tokenizer, and not a tokenizer alone. Write a tokenizer.json (huggingface) instead.");
}
