using System.Management.Automation;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Writes a tokenizer to a file that other programs read: beside the target first, then renamed, so that nothing half-written is ever
/// there.
/// </summary>
[Cmdlet(VerbsData.Export, "GptTokenizer", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportGptTokenizerCommand : GptCmdlet
{
    /// <summary>A tokenizer, its name or the path of its file, or a model whose tokenizer is written.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("InputObject")]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>The file to write; taken as it is, without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath")]
    public string? Path { get; set; }

    /// <summary>
    /// The name of the format: <c>huggingface</c> (a tokenizer.json) or <c>llm.c</c> (a gpt2_tokenizer.bin of version 2).
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(WrittenTokenizerFormatCompleter))]
    public string Format { get; set; } = "huggingface";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Path;

    /// <inheritdoc/>
    protected override void Process()
    {
        var path = new PathResolver(this).ResolveNew(Path!);
        var obstacle = TokenizerFile.FindObstacle(Tokenizer!, path, Format, Force);
        if (!ShouldWrite(Tokenizer!.Name, path, $"Export tokenizer as {Format}", obstacle))
            return;
        TokenizerFile.Write(Tokenizer, path, Format, Force);
        WriteObject(new FileInfo(path));
    }
}
