using System.Text;

namespace PsGpt.Tokenization;

/// <summary>Encodes a text in parts from its start on, or a stretch of it from a place where an earlier stretch may have ended.</summary>
internal sealed class StretchEncoder
{
    private readonly PendingText pending = new();
    private readonly TextEncoder encoder;

    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens.</param>
    /// <param name="before">The char before the stretch, no surrogate; null where the text starts.</param>
    public StretchEncoder(Tokenizer tokenizer, bool allowSpecial, char? before = null)
    {
        encoder = tokenizer.CreateEncoder(allowSpecial);
        if (before is { } last)
            encoder.StartAfter(new Rune(last));
    }

    /// <summary>The special tokens whose texts were encoded as plain text.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => encoder.IgnoredSpecialTokens;

    /// <summary>Adds the next part of the text.</summary>
    public void Append(ReadOnlySpan<char> text, List<int> tokens) =>
        pending.Append(text, (part, isEnd) => encoder.Encode(part, isEnd, tokens));

    /// <summary>Ends the text.</summary>
    public void Finish(List<int> tokens) => pending.Finish((part, isEnd) => encoder.Encode(part, isEnd, tokens));

    /// <summary>
    /// Whether a text that goes on with a char has a border of tokens before it, and this encoder is in the state that one has which starts
    /// there. The ids up to there are appended. Where the answer is false, the char has been taken.
    /// </summary>
    /// <param name="before">The last char of the text.</param>
    /// <param name="next">The char that follows.</param>
    /// <param name="tokens">Where the ids are appended.</param>
    public bool EndsBetween(char before, char next, List<int> tokens)
    {
        if (pending.Length == 0 && encoder.IsAfter(new Rune(before)))
            return true;
        Append([next], tokens);
        return pending.Length == 1 && encoder.IsAfter(new Rune(before));
    }
}
