namespace PsGpt.Tokenization;

/// <summary>The ids of the bytes and merges of a vocabulary: those that its special tokens leave free, from 0 on.</summary>
internal static class IdMapping
{
    /// <param name="count">How many bytes and merges there are.</param>
    /// <param name="specialIds">The ids that are taken.</param>
    /// <returns>Their ids, ascending.</returns>
    public static int[] Of(int count, IEnumerable<int> specialIds)
    {
        int[] taken = [.. specialIds];
        Array.Sort(taken);
        var places = new int[count];
        var (id, next) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            for (; next < taken.Length && taken[next] <= id; next++)
                id += taken[next] == id ? 1 : 0;
            places[i] = id++;
        }

        return places;
    }
}
