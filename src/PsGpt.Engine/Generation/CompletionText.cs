using System.Text;
using PsGpt.Tokenization;

namespace PsGpt.Generation;

/// <summary>
/// The text of a completion as it grows. It never gives half a character, and holds back only the end that might begin a stop string.
/// </summary>
/// <param name="tokenizer">Gives the bytes of the tokens.</param>
/// <param name="stopStrings">Texts at which it ends.</param>
internal sealed class CompletionText(Tokenizer tokenizer, IReadOnlyList<string> stopStrings)
{
    private readonly IncrementalDecoder characters = new(tokenizer);
    private readonly StringBuilder shown = new();
    private string held = "";

    /// <summary>What was shown so far.</summary>
    public override string ToString() => shown.ToString();

    /// <summary>The number of characters so far, those that are held back included.</summary>
    public int Length => shown.Length + held.Length;

    /// <summary>The stop string that was found, or null.</summary>
    public string? StopString { get; private set; }

    /// <summary>Whether the tokens so far end within a character.</summary>
    public bool EndsWithinCharacter => characters.IsOpen;

    /// <summary>Whether something is not shown yet.</summary>
    public bool IsOpen => StopString is null && (held.Length > 0 || characters.IsOpen);

    /// <summary>Takes a token and gives the text that can be shown now.</summary>
    public string Append(int token) => Show(characters.Append(token), isEnd: false);

    /// <summary>Ends the text and gives what was held back.</summary>
    /// <param name="keepIncomplete">Whether an incomplete character at the end is shown as U+FFFD; else it is left out.</param>
    public string Finish(bool keepIncomplete) => StopString is not null ? "" : Show(keepIncomplete ? characters.Finish() : "", isEnd: true);

    private string Show(string more, bool isEnd)
    {
        if (more.Length == 0 && !isEnd)
            return "";
        var text = held.Length == 0 ? more : held + more;
        var (end, kept) = FindStop(text);
        if (StopString is null)
            end = isEnd ? text.Length : text.Length - kept;
        held = StopString is null ? text[end..] : "";
        shown.Append(text, 0, end);
        return end == text.Length ? text : text[..end];
    }

    /// <summary>Looks for the stop string that begins first; where there is none, for the longest end that might begin one.</summary>
    private (int End, int Kept) FindStop(string text)
    {
        var (end, kept) = (text.Length, 0);
        for (var i = 0; i < stopStrings.Count; i++)
        {
            var stop = stopStrings[i];
            var found = text.IndexOf(stop, StringComparison.Ordinal);
            if (found >= 0 && found < end)
                (end, StopString) = (found, stop);
            for (var length = Math.Min(stop.Length - 1, text.Length); length > kept; length--)
            {
                if (text.AsSpan().EndsWith(stop.AsSpan(0, length)))
                    kept = length;
            }
        }

        return (end, kept);
    }
}
