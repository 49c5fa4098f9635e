namespace PsGpt.Tokenization;

/// <summary>Merges the symbols of one pre-token: the lowest merge first, and the leftmost among equals.</summary>
internal static class PairMerger
{
    /// <summary>Up to here looking through all pairs for the lowest is faster than a queue.</summary>
    public const int LongestScanned = 128;

    /// <summary>Merges in place and returns how many tokens there are.</summary>
    public static int Merge(Span<int> symbols, MergeTable table) =>
        symbols.Length <= LongestScanned ? MergeByScan(symbols, table) : MergeByQueue(symbols, table);

    private static int MergeByScan(Span<int> symbols, MergeTable table)
    {
        // merged[i] is the rank of the pair of symbols i and i + 1.
        Span<int> merged = stackalloc int[LongestScanned];
        var count = symbols.Length;
        for (var i = 0; i + 1 < count; i++)
            merged[i] = table.GetRank(symbols[i], symbols[i + 1]);
        while (count > 1)
        {
            var lowest = 0;
            for (var i = 1; i < count - 1; i++)
            {
                if (merged[i] < merged[lowest])
                    lowest = i;
            }

            if (merged[lowest] == MergeTable.None)
                break;
            symbols[lowest] = table.TokenOf(merged[lowest]);
            symbols[(lowest + 2)..count].CopyTo(symbols[(lowest + 1)..]);
            merged[(lowest + 1)..(count - 1)].CopyTo(merged[lowest..]);
            count--;
            if (lowest > 0)
                merged[lowest - 1] = table.GetRank(symbols[lowest - 1], symbols[lowest]);
            if (lowest + 1 < count)
                merged[lowest] = table.GetRank(symbols[lowest], symbols[lowest + 1]);
        }

        return count;
    }

    /// <summary>n · log n steps, so that a pre-token of a million letters does not take n².</summary>
    private static int MergeByQueue(Span<int> symbols, MergeTable table)
    {
        // merged[i] is the rank of the pair of the symbol at i and the next; an entry of the queue is void where it says otherwise.
        var merged = new int[symbols.Length];
        var next = new int[symbols.Length];
        var previous = new int[symbols.Length];
        var queue = new PriorityQueue<int, long>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
            Update(symbols, i);
        }

        while (queue.TryDequeue(out var position, out var priority))
        {
            if (merged[position] != priority >> 32)
                continue;
            var right = next[position];
            symbols[position] = table.TokenOf(merged[position]);
            merged[right] = MergeTable.None;
            next[position] = next[right];
            if (next[position] < symbols.Length)
                previous[next[position]] = position;
            if (previous[position] >= 0)
                Update(symbols, previous[position]);
            Update(symbols, position);
        }

        var count = 0;
        for (var i = 0; i < symbols.Length; i = next[i])
            symbols[count++] = symbols[i];
        return count;

        void Update(Span<int> symbols, int position)
        {
            merged[position] = next[position] < symbols.Length
                ? table.GetRank(symbols[position], symbols[next[position]])
                : MergeTable.None;
            if (merged[position] != MergeTable.None)
                queue.Enqueue(position, ((long)merged[position] << 32) | (uint)position);
        }
    }
}
