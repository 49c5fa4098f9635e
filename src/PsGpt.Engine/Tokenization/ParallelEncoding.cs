using PsGpt.Kernels.Threading;

namespace PsGpt.Tokenization;

/// <summary>
/// Encodes a long text on all threads. It is cut at blanks between two ASCII letters, where each of the built-in splits begins a pre-token
/// whatever stands around it: so the ids are those of one thread.
/// </summary>
/// <param name="encode">Encodes a part; safe to call from several threads.</param>
internal sealed class ParallelEncoding(ParallelEncoding.EncodePart encode)
{
    /// <summary>Shorter parts are not worth waiting for another thread.</summary>
    private const int MinPartLength = 1 << 17;

    /// <summary>Longer parts would only need more memory.</summary>
    private const int MaxPartLength = 1 << 19;

    /// <summary>Where a border is looked for; prose has one every few words.</summary>
    private const int BorderReach = 1 << 12;

    /// <summary>The ids of each part. The memory is used again: to get new memory would take as long as a part.</summary>
    [ThreadStatic]
    private static List<int>[]? idsOfParts;

    /// <summary>Whether a text is long enough for several threads, and its pre-tokens end where they are expected to.</summary>
    public static bool IsFor(IPreTokenizer preTokenizer, int length) =>
        length >= 2 * MinPartLength && WorkTeam.ThreadCount > 1
        && preTokenizer is Gpt2PreTokenizer or Cl100kPreTokenizer or O200kPreTokenizer;

    /// <summary>Encodes the part of a number, counted from 0, which is usually done by the same thread each time.</summary>
    /// <inheritdoc cref="EncodeText"/>
    public delegate int EncodePart(ReadOnlySpan<char> text, bool isEnd, List<int> tokens, int part);

    /// <inheritdoc cref="EncodeText"/>
    public int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        var count = tokens.Count;
        try
        {
            return EncodeAll(text, isEnd, tokens);
        }
        catch (GptException)
        {
            // Several parts may have failed: one thread throws the first error of the text.
            tokens.RemoveRange(count, tokens.Count - count);
            return encode(text, isEnd, tokens, 0);
        }
    }

    private int EncodeAll(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        var (position, taken) = (0, 1);
        while (taken > 0 && text.Length - position >= MinPartLength)
        {
            var next = text[position..Math.Min(text.Length, position + (WorkTeam.ThreadCount * MaxPartLength))];
            taken = EncodeParts(next, isEnd && position + next.Length == text.Length, tokens);
            position += taken;
        }

        return position + encode(text[position..], isEnd, tokens, 0);
    }

    private unsafe int EncodeParts(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
    {
        int[] borders = [0, .. FindBorders(text), text.Length];
        var count = borders.Length - 1;
        if (idsOfParts is null || idsOfParts.Length < count)
            idsOfParts = [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
        var (parts, lastTaken) = (idsOfParts, 0);
        fixed (char* start = text)
        {
            var first = start;
            WorkTeam.For(count, (from, to) =>
            {
                for (var i = from; i < to; i++)
                {
                    parts[i].Clear();
                    var part = new ReadOnlySpan<char>(first + borders[i], borders[i + 1] - borders[i]);
                    var taken = encode(part, isEnd || i < count - 1, parts[i], i);
                    if (i == count - 1)
                        lastTaken = taken;
                }
            });
        }

        tokens.EnsureCapacity(tokens.Count + parts.Take(count).Sum(part => part.Count));
        foreach (var part in parts.AsSpan(0, count))
            tokens.AddRange(part);
        return borders[count - 1] + lastTaken;
    }

    private static List<int> FindBorders(ReadOnlySpan<char> text)
    {
        var borders = new List<int>();
        var count = Math.Min(WorkTeam.ThreadCount, text.Length / MinPartLength);
        for (var i = 1; i < count; i++)
        {
            var from = (int)((long)text.Length * i / count);
            for (var place = from; place < Math.Min(text.Length - 1, from + BorderReach); place++)
            {
                if (text[place] != ' ' || !char.IsAsciiLetter(text[place - 1]) || !char.IsAsciiLetter(text[place + 1]))
                    continue;
                borders.Add(place);
                break;
            }
        }

        return borders;
    }
}
