using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>A kind of file, or of directory, that holds a tokenizer.</summary>
public interface ITokenizerFormat : IPlugin
{
    /// <summary>Whether a path holds this format, told by its content. A file that cannot be read may throw what .NET throws.</summary>
    bool Recognizes(string path);

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">A file or directory that exists.</param>
    /// <param name="preTokenizer">
    /// What cuts texts into pre-tokens, where the user says it; null takes what the file says or what is usual.
    /// </param>
    /// <param name="warn">Is told what had to be assumed.</param>
    /// <exception cref="GptException">The content is broken; the id says how.</exception>
    Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn);

    /// <summary>The content of the file for a tokenizer; <see cref="TokenizerFile"/> writes it.</summary>
    /// <exception cref="GptException"><c>FormatCannotHold</c>: the format has no room for this tokenizer, or is only read.</exception>
    byte[] Write(Tokenizer tokenizer);

    /// <summary>The error that <see cref="Write"/> would throw; null where there is none, or where only writing tells it.</summary>
    GptException? FindObstacle(Tokenizer tokenizer) => null;
}
