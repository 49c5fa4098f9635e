namespace PsGpt.Tokenization;

/// <summary>
/// Encodes a text that comes in parts; the ids are those of the whole text. It keeps only what is not certain yet, so memory
/// does not grow with the text.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
public sealed class IncrementalEncoder(Tokenizer tokenizer)
{
    /// <summary>Chars that are collected before the tokenizer is asked, so that short lines do not cost a call each.</summary>
    private const int WorthwhileLength = 1 << 14;

    private char[] pending = new char[WorthwhileLength];
    private int pendingLength;
    private int nextAttempt = WorthwhileLength;

    /// <summary>Adds the next part of the text.</summary>
    /// <param name="text">Any number of chars.</param>
    /// <param name="tokens">Where the ids that are certain are appended.</param>
    public void Append(ReadOnlySpan<char> text, List<int> tokens)
    {
        if (pendingLength + text.Length > pending.Length)
            Array.Resize(ref pending, Math.Max(pendingLength + text.Length, 2 * pending.Length));
        text.CopyTo(pending.AsSpan(pendingLength));
        pendingLength += text.Length;
        if (pendingLength < nextAttempt)
            return;
        Consume(tokenizer.Encode(pending.AsSpan(0, pendingLength), isEnd: false, tokens));

        // A text without any safe cut is tried again only after it has doubled: the attempts stay linear in its length.
        nextAttempt = Math.Max(WorthwhileLength, 2 * pendingLength);
    }

    /// <summary>Ends the text: appends the ids that were not certain. The encoder is then ready for another text.</summary>
    public void Finish(List<int> tokens)
    {
        Consume(tokenizer.Encode(pending.AsSpan(0, pendingLength), isEnd: true, tokens));
        nextAttempt = WorthwhileLength;
    }

    private void Consume(int count)
    {
        pending.AsSpan(count, pendingLength - count).CopyTo(pending);
        pendingLength -= count;
    }
}
