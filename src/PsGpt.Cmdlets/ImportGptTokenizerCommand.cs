using System.Management.Automation;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Loads tokenizers from their files: Hugging Face's tokenizer.json, GPT-2's vocab.json with merges.txt, llm.c's gpt2_tokenizer.bin,
/// OpenAI's .tiktoken, the GGUF file of a model, or from the folder of a model that has one of the first two.
/// </summary>
/// <remarks>
/// <para>The format is told by the content. Texts get the ids that the tokenizer's own library gives them; a file that would need more
/// for that than byte pairs and the split of GPT-2, cl100k_base or o200k_base is refused. Special tokens in a text are plain text.</para>
/// </remarks>
[Cmdlet(VerbsData.Import, "GptTokenizer", DefaultParameterSetName = PathSet)]
[OutputType(typeof(BytePairTokenizer), typeof(CharacterTokenizer))]
public sealed class ImportGptTokenizerCommand : FileCmdlet
{
    private IPreTokenizer? preTokenizer;

    /// <summary>The name of the format; told by the content unless it is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TokenizerFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>
    /// How texts are split before their bytes are merged: <c>gpt2</c>, <c>cl100k_base</c> or <c>o200k_base</c>. For files that do not say
    /// it, which are all but tokenizer.json and GGUF: GPT-2's is taken then, with a warning for a .tiktoken file of an unknown vocabulary.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PreTokenizerCompleter))]
    [Alias("Split")]
    public string? PreTokenizer { get; set; }

    /// <inheritdoc/>
    protected override void Begin() => preTokenizer = PreTokenizer is null ? null : PreTokenizerCatalog.Registry.Get(PreTokenizer);

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var path in Files)
            Attempt(path, () => WriteObject(TokenizerFile.Read(path, Format, preTokenizer, WriteWarning)));
    }
}
