using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>
/// A split of another assembly: where it throws or gives a length that cannot be, the error names it. It gets a copy of the next text,
/// which it cuts at once as far as it goes: a call for each word would take longer than the work.
/// </summary>
internal sealed class GuardedPreTokenizer(IPreTokenizer inner) : GuardedPlugin<IPreTokenizer>(inner, "split"), IPreTokenizer
{
    private const int FirstLength = 4096;

    [ThreadStatic]
    private static CutText? ahead;

    public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd)
    {
        if (ahead is { } cut && cut.Split == this && cut.TryNext(text, isEnd) is { } known)
            return known;
        for (var length = FirstLength; ; length *= 4)
        {
            var part = text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
            var isWhole = part.Length == text.Length;
            var lengths = Cut(part.ToString(), isWhole, isEnd && isWhole);
            if (lengths.Count == 0 && !isWhole)
                continue;
            ahead = new CutText(this, part.ToString(), isEnd && isWhole, lengths);
            return lengths.Count == 0 ? 0 : lengths.Dequeue();
        }
    }

    /// <summary>The lengths of the pre-tokens that are certain, from the start of a text on.</summary>
    /// <param name="isWhole">Whether it is all of the text that there is. Else a pre-token that reaches to its end might be longer.</param>
    private Queue<int> Cut(string text, bool isWhole, bool isEnd)
    {
        var lengths = new Queue<int>();
        Guard.Run(() =>
        {
            for (var start = 0; start < text.Length;)
            {
                var length = Inner.GetPreTokenLength(text.AsSpan(start), isEnd);
                Guard.Require(
                    length >= 0 && length <= text.Length - start && (length > 0 || !isEnd),
                    $"cut {length} characters from a text of {text.Length - start}");
                start += length;
                if (length == 0 || (start == text.Length && !isWhole))
                    break;
                if (start < text.Length && char.IsSurrogatePair(text[start - 1], text[start]))
                    throw Guard.Broken($"cut a character in two, after {length} of {text.Length - start + length}");
                lengths.Enqueue(length);
            }
        });
        return lengths;
    }

    /// <summary>A text that was cut ahead of its reader.</summary>
    private sealed class CutText(GuardedPreTokenizer split, string text, bool isEnd, Queue<int> lengths)
    {
        private int start = lengths.Count == 0 ? 0 : lengths.Peek();

        public GuardedPreTokenizer Split => split;

        /// <summary>The length of the next pre-token, where that is what the reader asks for.</summary>
        public int? TryNext(ReadOnlySpan<char> asked, bool isAtEnd)
        {
            var rest = text.AsSpan(start);
            if (lengths.Count == 0 || !asked.StartsWith(rest) || (isEnd && !(isAtEnd && asked.Length == rest.Length)))
                return null;
            start += lengths.Peek();
            return lengths.Dequeue();
        }
    }
}
