using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Formats.TokenFiles;

namespace PsGpt.Commands;

/// <summary>
/// Writes tokens to a token file, or to shards of one, as they come: a text of any length needs no more memory than its parts. Each
/// file is written beside its target and renamed when it is whole; all inputs are one text.
/// </summary>
[Cmdlet(VerbsData.Export, "GptTokens", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportGptTokensCommand : GptCmdlet
{
    private TokenShardWriter? writer;
    private ProgressReport? progress;
    private bool isOver;
    private int emitted;

    /// <summary>Tokens as <c>ConvertTo-GptTokens</c> makes them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    [TokenSequenceTransformation]
    public TokenSequence[]? Tokens { get; set; }

    /// <summary>
    /// The file to write; taken as it is, without wildcards. With <see cref="ShardSize"/>, <c>_000001</c> and so on stand before
    /// its extension.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath")]
    public string? Path { get; set; }

    /// <summary>
    /// The layout of the file: <c>llm.c</c> (a header, then uint16, or uint32 where the vocabulary has more than 65,536 tokens),
    /// <c>nanogpt</c> (raw uint16), <c>int32</c> (raw) or <c>npy</c> (an array of NumPy).
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TokenFileFormatCompleter))]
    public string Format { get; set; } = "llm.c";

    /// <summary>The tokens of a shard; the last one may have fewer. One file unless it is given.</summary>
    [Parameter]
    [WholeNumber(maximum: long.MaxValue)]
    public long? ShardSize { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override object? Target => Path;

    /// <inheritdoc/>
    protected override void Begin()
    {
        var path = new PathResolver(this).ResolveNew(Path!);

        writer = new TokenShardWriter(path, Format, ShardSize, Force);
        progress = new ProgressReport(this, $"Writing {System.IO.Path.GetFileName(path)}", isOftenShort: true);
        var obstacle = writer.FindObstacle();
        isOver = !ShouldWrite("tokens", writer.NextFile, $"Export tokens as {Format}", obstacle);
        if (!isOver && obstacle is not null)
            throw obstacle;
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var sequence in Tokens!)
        {
            // A sequence that cannot be written is an error of its own; a disk that is full is the end.
            if (isOver || !Attempt(sequence, () => writer!.Require(sequence)))
                continue;
            isOver = !Attempt(Path, () => writer!.Write(sequence, StopToken));
            if (isOver)
                writer!.Dispose();
            progress!.Update(0, () => $"{writer!.Count:N0} tokens, {writer.Files.Count} files done");
            EmitFiles();
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        progress!.Dispose();
        if (isOver)
            return;
        writer!.Complete();
        EmitFiles();
        if (writer.Leftover is { } leftover)
            WriteWarning(
                $"'{leftover}' is left from an earlier text. Remove it and those after it, or whoever reads all shards reads them " +
                "too.");
        if (writer.Count == 0)
            throw new GptException("TooFewTokens", GptErrorKind.InvalidData,
                "No tokens came, so no file was written. Give text to ConvertTo-GptTokens.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => writer?.Dispose();

    private void EmitFiles()
    {
        while (emitted < writer!.Files.Count)
            WriteObject(new FileInfo(writer.Files[emitted++]));
    }
}
