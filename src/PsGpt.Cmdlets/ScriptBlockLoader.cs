using System.Management.Automation;
using PsGpt.Data;

namespace PsGpt.Commands;

/// <summary>
/// Batches whose rows start where a script block says: it gives the place of the first token of each row. Its position is the number of
/// batches, so a block that depends on nothing else continues a run exactly.
/// </summary>
internal sealed class ScriptBlockLoader(PluginBlock block, BatchSourceSetup setup) : IDataLoader
{
    private int number;

    public double Epoch => (double)number * setup.BatchSize * setup.SequenceLength / TokensPerEpoch;

    public long TokensPerEpoch => setup.Tokens.Count;

    public BatchPosition Position => new() { Place = number };

    public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default) => number = checked((int)position.Place);

    public TokenBatch Next()
    {
        var (B, T) = (setup.BatchSize, setup.SequenceLength);
        var starts = block.Invoke(setup.Tokens.Count, B, T, number).Select(ToStart).ToArray();
        if (starts.Length != B)
            throw new InvalidOperationException($"it gave {starts.Length} starts for a batch of {B} rows");
        var (inputs, targets) = (new int[B * T], new int[B * T]);
        for (var row = 0; row < B; row++)
        {
            setup.Tokens.CopyTo(starts[row], inputs.AsSpan(row * T, T));
            setup.Tokens.CopyTo(starts[row] + 1, targets.AsSpan(row * T, T));
        }

        number++;
        return new TokenBatch(inputs, targets, B, T, setup.Tokens.TokenizerName, setup.Tokens.GetTokenizer()?.GetEndOfTextTokens());
    }

    private long ToStart(PSObject? value)
    {
        var last = setup.Tokens.Count - setup.SequenceLength - 1;
        return LanguagePrimitives.TryConvertTo<long>(value, out var start) && start >= 0 && start <= last
            ? start
            : throw new InvalidOperationException($"it gave the start '{value}'; a row starts at 0 to {last}");
    }
}
