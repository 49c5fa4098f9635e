using System.Runtime.InteropServices;

namespace PsGpt.Tokenization;

/// <summary>
/// Counts the pairs of neighbours in words, and keeps the counts right while pairs are merged: a merge looks only at the words
/// that hold the pair, and changes only what stands beside it, so that a large vocabulary costs little more than reading the text.
/// </summary>
internal sealed class PairCounts
{
    private readonly List<Word> words = [];
    private readonly Dictionary<(int Left, int Right), Pair> pairs = [];

    /// <summary>
    /// Pairs by falling count, then rising ids. A count only falls after the merge that made the pair, so an entry that is out
    /// of date stands too early and never too late: it is queued again when it is met.
    /// </summary>
    private readonly PriorityQueue<(int Left, int Right), (long NegativeCount, int Left, int Right)> queue = new();

    /// <param name="preTokens">Distinct pre-tokens and how often they occur.</param>
    public PairCounts(IEnumerable<(byte[] Bytes, long Count)> preTokens)
    {
        foreach (var (bytes, count) in preTokens)
        {
            var word = new Word(Array.ConvertAll(bytes, value => (int)value), count);
            words.Add(word);
            for (var i = 0; i + 1 < bytes.Length; i++)
                Add((bytes[i], bytes[i + 1]), words.Count - 1);
        }

        foreach (var pair in pairs.Keys)
            Enqueue(pair);
    }

    /// <summary>The pair that occurs most often, where one occurs at least twice.</summary>
    public bool TryTakeMostFrequent(out (int Left, int Right) pair)
    {
        while (queue.TryDequeue(out pair, out var priority))
        {
            var count = pairs[pair].Count;
            if (count == -priority.NegativeCount)
                return count >= 2;
            if (count > 0)
                Enqueue(pair);
        }

        return false;
    }

    /// <summary>Replaces a pair by a new symbol, everywhere.</summary>
    public void Merge((int Left, int Right) pair, int symbol)
    {
        var created = new HashSet<(int Left, int Right)>();
        pairs.Remove(pair, out var merged);
        foreach (var index in merged!.Words)
            Merge(index, pair, symbol, created);
        foreach (var neighbours in created)
            Enqueue(neighbours);
    }

    private void Merge(int index, (int Left, int Right) pair, int symbol, HashSet<(int Left, int Right)> created)
    {
        var word = words[index];
        var symbols = word.Symbols;
        var length = 0;
        for (var i = 0; i < word.Length; length++)
        {
            if (i + 1 == word.Length || symbols[i] != pair.Left || symbols[i + 1] != pair.Right)
            {
                symbols[length] = symbols[i++];
                continue;
            }

            // What stands to the left is merged already, what stands to the right is not.
            if (length > 0)
                Replace((symbols[length - 1], pair.Left), (symbols[length - 1], symbol));
            if (i + 2 < word.Length)
                Replace((pair.Right, symbols[i + 2]), (symbol, symbols[i + 2]));
            symbols[length] = symbol;
            i += 2;
        }

        word.Length = length;

        void Replace((int Left, int Right) old, (int Left, int Right) replacement)
        {
            // A pair of equals overlaps itself, as in aaa: it is no longer counted then.
            if (pairs.TryGetValue(old, out var counted))
                counted.Count -= word.Count;
            Add(replacement, index);
            created.Add(replacement);
        }
    }

    private void Add((int Left, int Right) pair, int word)
    {
        ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(pairs, pair, out _);
        counted ??= new Pair();
        counted.Count += words[word].Count;
        if (counted.Words.Count == 0 || counted.Words[^1] != word)
            counted.Words.Add(word);
    }

    private void Enqueue((int Left, int Right) pair) => queue.Enqueue(pair, (-pairs[pair].Count, pair.Left, pair.Right));

    /// <summary>A distinct word, the symbols it has become, and how often it occurs.</summary>
    private sealed class Word(int[] symbols, long count)
    {
        public readonly int[] Symbols = symbols;
        public readonly long Count = count;
        public int Length = symbols.Length;
    }

    /// <summary>How often a pair occurs, and the words it occurs in or did once.</summary>
    private sealed class Pair
    {
        public readonly List<int> Words = [];
        public long Count;
    }
}
