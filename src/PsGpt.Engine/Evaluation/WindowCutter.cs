namespace PsGpt.Evaluation;

/// <summary>
/// Cuts the ids of a text, as they come, into windows that each fit the context of a model. A window begins with the last ids of the
/// one before it, so that its first targets have context too (Hugging Face, <em>Perplexity of fixed-length models</em>).
/// </summary>
/// <param name="contextLength">The context of the model.</param>
/// <param name="overlap">The number of ids that a window reads again, 0 to below <paramref name="contextLength"/>.</param>
internal sealed class WindowCutter(int contextLength, int overlap)
{
    private readonly List<int> ids = [];
    private int contextCount = 1;

    /// <summary>Takes the next ids, and adds the windows that they fill. The first id of a text is context only.</summary>
    public void Append(ReadOnlySpan<int> next, List<ScoringWindow> windows)
    {
        foreach (var id in next)
        {
            ids.Add(id);
            if (ids.Count <= contextLength)
                continue;
            windows.Add(new ScoringWindow([.. ids], contextCount));
            ids.RemoveRange(0, contextLength - overlap);
            contextCount = ids.Count;
        }
    }

    /// <summary>Ends the text, and adds a window of the ids that are left.</summary>
    public void End(List<ScoringWindow> windows)
    {
        if (ids.Count > contextCount)
            windows.Add(new ScoringWindow([.. ids], contextCount));
    }
}
