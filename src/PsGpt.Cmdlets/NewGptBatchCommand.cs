using System.Management.Automation;
using PsGpt.Data;

namespace PsGpt.Commands;

/// <summary>
/// Cuts tokens into batches: in order as they come, or as random windows once all have come. The tokens of all inputs are one
/// stream.
/// </summary>
[Cmdlet(VerbsCommon.New, "GptBatch", DefaultParameterSetName = InOrderSet)]
[OutputType(typeof(TokenBatch))]
public sealed class NewGptBatchCommand : GptCmdlet
{
    private const string InOrderSet = "InOrder";
    private const string RandomSet = "Random";

    private readonly TokenBuilder tokens = new();
    private TokenBatcher? batcher;

    /// <summary>Tokens as <c>ConvertTo-GptTokens</c> makes them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [TokenSequenceTransformation]
    public TokenSequence? InputObject { get; set; }

    /// <summary>The rows of a batch.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int BatchSize { get; set; } = 4;

    /// <summary>The tokens of a row.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int SequenceLength { get; set; } = 64;

    /// <summary>Makes a last batch of the tokens that do not fill one; what is missing takes no part in the loss.</summary>
    [Parameter(ParameterSetName = InOrderSet)]
    public SwitchParameter PadLast { get; set; }

    /// <summary>Takes windows from random places of the text. Needs all tokens in memory.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RandomSet)]
    public SwitchParameter Random { get; set; }

    /// <summary>How many random batches; as many as the tokens fill in order unless it is given.</summary>
    [Parameter(ParameterSetName = RandomSet)]
    [WholeNumber(1)]
    public int? Count { get; set; }

    /// <summary>The same seed gives the same windows.</summary>
    [Parameter(ParameterSetName = RandomSet)]
    [SeedTransformation]
    public ulong Seed { get; set; }

    /// <inheritdoc/>
    protected override object? Target => InputObject;

    /// <inheritdoc/>
    protected override void Begin() => batcher = new TokenBatcher(BatchSize, SequenceLength);

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Random)
        {
            tokens.Add(InputObject!);
            return;
        }

        foreach (var batch in batcher!.Push(InputObject!))
            WriteObject(batch);
    }

    /// <inheritdoc/>
    protected override void End()
    {
        // Where nothing came, the reason has been reported already.
        if (InputObject is null)
            return;
        if (Random)
            EmitRandom();
        else
            EmitLast();
    }

    private void EmitLast()
    {
        if (batcher!.Finish(PadLast) is { } last)
            WriteObject(last);
        else if (batcher.RemainingCount > 0)
        {
            WriteWarning(
                $"The last {batcher.RemainingCount} tokens do not fill a batch of {BatchSize} x {SequenceLength} and are in none. " +
                "Use -PadLast to have them.");
        }
    }

    private void EmitRandom()
    {
        var loader = new RandomDataLoader(tokens, BatchSize, SequenceLength, Seed);
        var count = Count ?? Math.Max(1, (tokens.Count - 1) / ((long)BatchSize * SequenceLength));
        for (var i = 0L; i < count; i++)
            WriteObject(loader.Next());
    }
}
