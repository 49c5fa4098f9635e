namespace PsGpt.Commands;

/// <summary>How far two names are apart, for suggestions.</summary>
internal static class NameDistance
{
    /// <summary>The three names that are nearest to one that was not found, for a message.</summary>
    public static string Nearest(string name, IEnumerable<string> names) =>
        string.Join(", ", names.OrderBy(other => Between(name, other)).Take(3));

    /// <summary>The number of characters to insert, delete or replace (Levenshtein 1966), regardless of case.</summary>
    public static int Between(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var isSame = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                row[j] = isSame ? diagonal : 1 + Math.Min(diagonal, Math.Min(above, row[j - 1]));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
