using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Evaluation;

/// <summary>
/// Computes the surprisal of tokens, window by window. Windows of like length go through the model together. A row is filled up with
/// inputs behind its end, which no position before them sees, and with targets that are ignored.
/// </summary>
internal sealed class WindowScorer(GptModel model) : IDisposable
{
    /// <summary>The tokens of a pass, which keep the matrix products busy; a longer window is a pass of its own.</summary>
    private const int TokensOfPass = 1024;

    /// <summary>The tokens of all passes that are kept for the next windows.</summary>
    private const int KeptTokens = 4 * TokensOfPass;

    private const int ShortestLength = 16;

    private readonly Dictionary<(int Rows, int Length), GptPass> passes = [];
    private int keptTokens;

    /// <summary>Writes the surprisal of all windows.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>, <c>OutOfMemory</c>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void Score(IEnumerable<ScoringWindow> windows, CancellationToken cancellationToken)
    {
        foreach (var group in windows.GroupBy(window => LengthOf(window.InputCount)))
        {
            var rest = group.ToArray().AsSpan();
            while (!rest.IsEmpty)
            {
                // Powers of 2 keep the number of different passes small.
                var most = Math.Min(rest.Length, Math.Max(TokensOfPass / group.Key, 1));
                var rows = 1 << int.Log2(most);
                Run(rest[..rows], group.Key, cancellationToken);
                rest = rest[rows..];
            }
        }
    }

    public void Dispose()
    {
        foreach (var pass in passes.Values)
            pass.Dispose();
        passes.Clear();
        keptTokens = 0;
    }

    private void Run(ReadOnlySpan<ScoringWindow> rows, int length, CancellationToken cancellationToken)
    {
        var (inputs, targets) = (new int[rows.Length * length], new int[rows.Length * length]);
        Array.Fill(targets, TokenBatch.IgnoredTarget);
        for (var row = 0; row < rows.Length; row++)
        {
            var (window, start) = (rows[row], row * length);
            window.Ids.AsSpan(0, window.InputCount).CopyTo(inputs.AsSpan(start));
            window.Targets.CopyTo(targets.AsSpan(start + window.ContextCount - 1));
        }

        var losses = new float[inputs.Length];
        PassOf(rows.Length, length).ComputeLosses(
            new TokenBatch(inputs, targets, rows.Length, length, tokenizerName: null), losses, cancellationToken);
        for (var row = 0; row < rows.Length; row++)
        {
            var surprisals = rows[row].Surprisals;
            losses.AsSpan((row * length) + rows[row].ContextCount - 1, surprisals.Length).CopyTo(surprisals);
        }
    }

    private GptPass PassOf(int rows, int length)
    {
        if (passes.TryGetValue((rows, length), out var pass))
            return pass;
        if (keptTokens + (rows * length) > KeptTokens)
            Dispose();
        keptTokens += rows * length;
        return passes[(rows, length)] = new GptPass(model, rows, length, forTraining: false);
    }

    /// <summary>The length of the rows for a window: 16, 24, 32, 48, 64, … up to the context of the model.</summary>
    private int LengthOf(int count)
    {
        var length = ShortestLength;
        while (length < count)
            length += int.IsPow2(length) ? length / 2 : length / 3;
        return Math.Min(length, model.Configuration.ContextLength);
    }
}
