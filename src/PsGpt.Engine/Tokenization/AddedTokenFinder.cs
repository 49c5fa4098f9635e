using System.Buffers;
using System.Globalization;
using System.Text;

namespace PsGpt.Tokenization;

/// <summary>
/// Finds added tokens in a text: the leftmost first, and the longest of those that start together, as Hugging Face's tokenizers do
/// (<c>AddedVocabulary::find_matches</c>).
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<string> texts;
    private readonly Dictionary<char, AddedToken[]> byFirst;
    private readonly int longest;
    private readonly bool stripsLeft;

    /// <param name="tokens">At least one.</param>
    public AddedTokenFinder(IReadOnlyCollection<AddedToken> tokens)
    {
        texts = SearchValues.Create([.. tokens.Select(token => token.Text)], StringComparison.Ordinal);
        byFirst = tokens.GroupBy(token => token.Text[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Text.Length).ToArray());
        longest = tokens.Max(token => token.Text.Length);
        stripsLeft = tokens.Any(token => token.StripsLeft);
    }

    /// <summary>Finds the first token.</summary>
    /// <param name="text">The text, starting where an earlier call stopped.</param>
    /// <param name="from">Where the search starts.</param>
    /// <param name="before">The character before the text; null at its start.</param>
    /// <param name="isEnd">Whether nothing follows the text.</param>
    /// <param name="allowSpecial">Whether special tokens count; otherwise they are passed over.</param>
    /// <param name="ignored">Takes the special tokens that were passed over.</param>
    public AddedTokenMatch Find(
        ReadOnlySpan<char> text, int from, Rune? before, bool isEnd, bool allowSpecial, HashSet<string> ignored)
    {
        var skipped = from;
        while (true)
        {
            var found = text[from..].IndexOfAny(texts);
            var start = found < 0 ? text.Length : from + found;
            var open = isEnd ? text.Length : FindOpen(text, from);
            if (open <= start)
                return new(null, isEnd ? text.Length : WithoutSpaceBefore(text, open), text.Length, skipped);
            var token = LongestAt(text[start..]);
            var end = start + token.Text.Length;
            if (token.IsSpecial && !allowSpecial)
            {
                ignored.Add(token.Text);
                from = skipped = end;
                continue;
            }

            var stop = token.StripsRight ? end + CountSpace(text[end..]) : end;
            if (!isEnd && (token.IsSingleWord || token.StripsRight) && IsOpen(text[stop..]))
                return new(null, WithoutSpaceBefore(text, start), text.Length, skipped);
            if (token.IsSingleWord && !StandsAlone(text, start, end, before))
            {
                from = skipped = end;
                continue;
            }

            return new(token, token.StripsLeft ? Math.Max(skipped, WithoutSpaceBefore(text, start)) : start, stop, skipped);
        }
    }

    /// <summary>Where the first token may start that more text would complete, or make longer.</summary>
    private int FindOpen(ReadOnlySpan<char> text, int from)
    {
        for (var start = Math.Max(from, text.Length - longest + 1); start < text.Length; start++)
        {
            if (!byFirst.TryGetValue(text[start], out var tokens))
                continue;
            var rest = text[start..];
            foreach (var token in tokens)
            {
                if (token.Text.Length > rest.Length && token.Text.AsSpan().StartsWith(rest, StringComparison.Ordinal))
                    return start;
            }
        }

        return text.Length;
    }

    /// <summary>Whether the character behind a token is still to come, or its second half.</summary>
    private static bool IsOpen(ReadOnlySpan<char> rest) => rest.IsEmpty || (rest.Length == 1 && char.IsHighSurrogate(rest[0]));

    private AddedToken LongestAt(ReadOnlySpan<char> text)
    {
        foreach (var token in byFirst[text[0]])
        {
            if (text.StartsWith(token.Text, StringComparison.Ordinal))
                return token;
        }

        throw new InvalidOperationException("A token that was found is not there.");
    }

    /// <summary>White space at an end may belong to a token that follows.</summary>
    private int WithoutSpaceBefore(ReadOnlySpan<char> text, int end)
    {
        while (stripsLeft && end > 0 && char.IsWhiteSpace(text[end - 1]))
            end--;
        return end;
    }

    private static int CountSpace(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsWhiteSpace(text[count]))
            count++;
        return count;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end, Rune? before)
    {
        if (start > 0)
        {
            Rune.DecodeLastFromUtf16(text[..start], out var last, out _);
            before = last;
        }

        if (before is { } left && IsWordCharacter(left))
            return false;
        return end == text.Length || Rune.DecodeFromUtf16(text[end..], out var right, out _) != OperationStatus.Done
            || !IsWordCharacter(right);
    }

    /// <summary><c>\w</c> as Unicode has it: letters, marks, digits, connectors and joiners.</summary>
    private static bool IsWordCharacter(Rune character) => character.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(character) is
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
