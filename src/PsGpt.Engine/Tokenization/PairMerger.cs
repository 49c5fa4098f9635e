namespace PsGpt.Tokenization;

/// <summary>
/// Merges the symbols of one piece, lowest rank first and leftmost first among equals. A queue holds the pairs, so that a
/// piece of a hundred thousand letters takes n · log n steps and not n².
/// </summary>
/// <param name="symbols">Ids; changed in place.</param>
/// <param name="ranks">The id that a pair merges to, by (left &lt;&lt; 32 | right); lower ids were merged first.</param>
internal readonly struct PairMerger(int[] symbols, Dictionary<long, int> ranks)
{
    private const int Gone = -1;

    /// <summary>The merged ids.</summary>
    public int[] Run()
    {
        if (symbols.Length < 2)
            return symbols;
        var next = new int[symbols.Length];
        var previous = new int[symbols.Length];
        var queue = new PriorityQueue<(int Position, int Left, int Right), long>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
            Enqueue(queue, i, i + 1);
        }

        while (queue.TryDequeue(out var pair, out var priority))
        {
            // A pair whose neighbours have changed since is void; what replaced it was queued then.
            var position = pair.Position;
            var right = symbols[position] == pair.Left ? next[position] : symbols.Length;
            if (right == symbols.Length || symbols[right] != pair.Right)
                continue;
            symbols[position] = (int)(priority >> 32);
            symbols[right] = Gone;
            next[position] = next[right];
            if (next[position] < symbols.Length)
                previous[next[position]] = position;
            if (previous[position] >= 0)
                Enqueue(queue, previous[position], position);
            Enqueue(queue, position, next[position]);
        }

        return Array.FindAll(symbols, symbol => symbol != Gone);
    }

    private void Enqueue(PriorityQueue<(int Position, int Left, int Right), long> queue, int left, int right)
    {
        if (right < symbols.Length && ranks.TryGetValue(((long)symbols[left] << 32) | (uint)symbols[right], out var merged))
            queue.Enqueue((left, symbols[left], symbols[right]), ((long)merged << 32) | (uint)left);
    }
}
