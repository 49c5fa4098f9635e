using PsGpt.Tokenization;

namespace PsGpt.Generation;

/// <summary>Log probabilities of tokens from rows of logits.</summary>
internal static class LogProbabilities
{
    private const int TopCount = 5;

    /// <summary>Those of a token and of the likeliest in its place.</summary>
    /// <param name="tokenizer">Gives the texts.</param>
    /// <param name="logits">The model's own (V).</param>
    /// <param name="token">The token that came.</param>
    public static TokenLogProbability Of(Tokenizer tokenizer, ReadOnlySpan<float> logits, int token)
    {
        var total = Softmax.LogSumExp(logits);

        // An array: PowerShell does not index the list that the compiler would make.
        var top = Top(logits, TopCount).Select(item => new TokenLogProbability(item.Id, Text(tokenizer, item.Id), item.Score - total, []));
        return new TokenLogProbability(token, Text(tokenizer, token), logits[token] - total, top.ToArray());
    }

    /// <summary>That of the first token of a prompt, which nothing precedes.</summary>
    public static TokenLogProbability OfFirst(Tokenizer tokenizer, int token) => new(token, Text(tokenizer, token), null, []);

    /// <summary>The likeliest tokens, the likeliest first; of equal ones the lower id.</summary>
    public static IReadOnlyList<Candidate> Top(ReadOnlySpan<float> logits, int count)
    {
        var top = new List<Candidate>(Math.Min(count, logits.Length) + 1);
        for (var id = 0; id < logits.Length; id++)
        {
            var candidate = new Candidate(logits[id], id);
            if (top.Count == count && candidate.CompareTo(top[^1]) > 0)
                continue;
            top.Insert(~top.BinarySearch(candidate), candidate);
            if (top.Count > count)
                top.RemoveAt(count);
        }

        return top;
    }

    private static string Text(Tokenizer tokenizer, int token) => tokenizer.Decode([token]);
}
