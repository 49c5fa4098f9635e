using System.Runtime.InteropServices;

namespace PsGpt.Tokenization;

/// <summary>
/// The words of a text as symbols, with the number of times that each pair of neighbours occurs. A merge updates only the
/// words that hold the pair, so a vocabulary costs little more than reading the text.
/// </summary>
internal sealed class PairCounts
{
    private readonly List<(int[] Symbols, int Count)> words = [];
    private readonly Dictionary<(int Left, int Right), long> counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> wordsWithPair = [];

    /// <summary>Pairs by falling count, then rising ids. An entry whose count is out of date is queued again when it is met.</summary>
    private readonly PriorityQueue<(int Left, int Right), (long NegativeCount, int Left, int Right)> queue = new();

    public PairCounts(IEnumerable<(byte[] Bytes, int Count)> pieces)
    {
        foreach (var (bytes, count) in pieces)
        {
            words.Add(([.. bytes.Select(value => (int)value)], count));
            Change(words.Count - 1, sign: 1);
        }

        foreach (var (pair, count) in counts)
            queue.Enqueue(pair, (-count, pair.Left, pair.Right));
    }

    /// <summary>The pair that occurs most often, where one occurs at least twice.</summary>
    public bool TryTakeMostFrequent(out (int Left, int Right) pair)
    {
        while (queue.TryDequeue(out pair, out var priority))
        {
            var count = counts.GetValueOrDefault(pair);
            if (count == -priority.NegativeCount)
                return count >= 2;
            if (count > 0)
                queue.Enqueue(pair, (-count, pair.Left, pair.Right));
        }

        return false;
    }

    /// <summary>Replaces a pair by a new symbol, everywhere.</summary>
    public void Merge((int Left, int Right) pair, int symbol)
    {
        var touched = new HashSet<(int Left, int Right)>();
        foreach (var word in wordsWithPair[pair].Order().ToArray())
        {
            Change(word, sign: -1);
            words[word] = (Replace(words[word].Symbols, pair, symbol), words[word].Count);
            Change(word, sign: 1);
            touched.UnionWith(Neighbours(words[word].Symbols).Where(neighbours => neighbours.Left == symbol || neighbours.Right == symbol));
        }

        foreach (var created in touched)
            queue.Enqueue(created, (-counts[created], created.Left, created.Right));
    }

    private static int[] Replace(int[] symbols, (int Left, int Right) pair, int symbol)
    {
        var result = new List<int>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            var isPair = i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
            result.Add(isPair ? symbol : symbols[i]);
            i += isPair ? 1 : 0;
        }

        return [.. result];
    }

    private static IEnumerable<(int Left, int Right)> Neighbours(int[] symbols) => symbols.Zip(symbols.Skip(1));

    private void Change(int word, int sign)
    {
        var (symbols, count) = words[word];
        foreach (var pair in Neighbours(symbols))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _) += sign * (long)count;
            ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(wordsWithPair, pair, out _);
            holders ??= [];
            if (sign > 0)
                holders.Add(word);
            else
                holders.Remove(word);
        }
    }
}
