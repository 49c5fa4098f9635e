using System.Text;

namespace PsGpt.Tokenization;

/// <summary>A text as a normalizer leaves it, and where each of its chars was before.</summary>
internal sealed class NormalizedText
{
    private readonly List<Range> places = [];
    private readonly StringBuilder normalized = new();
    private readonly TextNormalizer normalizer;
    private readonly string original;

    /// <param name="original">The text.</param>
    /// <param name="normalizer">What changes it.</param>
    public NormalizedText(string original, TextNormalizer normalizer)
    {
        (this.original, this.normalizer) = (original, normalizer);
        var start = 0;
        for (var end = 0; end < original.Length; end += LengthAt(end))
        {
            // A character and the marks on it change together.
            if (end > start && !(Rune.TryGetRuneAt(original, end, out var character) && TextNormalizer.IsContinuation(character)))
            {
                Add(start, end);
                start = end;
            }
        }

        Add(start, original.Length);
        Text = normalized.ToString();
    }

    /// <summary>The normalized text.</summary>
    public string Text { get; }

    /// <summary>Where a stretch of the normalized text was in the original: whole characters.</summary>
    /// <param name="start">Its first char.</param>
    /// <param name="end">The char behind its last.</param>
    public Range ToOriginal(int start, int end)
    {
        var first = start < places.Count ? places[start].Start.Value : original.Length;
        return first..(end > start ? places[end - 1].End.Value : first);
    }

    private int LengthAt(int place) => Rune.TryGetRuneAt(original, place, out var character) ? character.Utf16SequenceLength : 1;

    private void Add(int start, int end)
    {
        var text = normalizer.Normalize(original.AsSpan(start, end - start));
        var isUnchanged = original.AsSpan(start, end - start).SequenceEqual(text);
        for (var i = 0; i < text.Length; i++)
            places.Add(isUnchanged ? (start + i)..(start + i + 1) : start..end);
        normalized.Append(text);
    }
}
