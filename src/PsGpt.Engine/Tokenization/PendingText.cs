namespace PsGpt.Tokenization;

/// <summary>
/// A text that comes in parts: hands on what is certain whatever follows and keeps the rest, so memory does not grow with the text.
/// </summary>
internal sealed class PendingText
{
    /// <summary>Chars that are collected before they are handed on, so that short lines do not cost a call each.</summary>
    private const int WorthwhileLength = 1 << 14;

    private char[] pending = new char[WorthwhileLength];
    private int pendingLength;
    private int nextAttempt = WorthwhileLength;

    /// <summary>Takes text and returns how many chars of it were certain; all of them at the end.</summary>
    public delegate int Consumer(ReadOnlySpan<char> text, bool isEnd);

    /// <summary>Adds the next part of the text.</summary>
    /// <param name="text">Any number of chars.</param>
    /// <param name="consumer">Takes what is worth it; the rest comes again.</param>
    public void Append(ReadOnlySpan<char> text, Consumer consumer)
    {
        if (pendingLength + text.Length > pending.Length)
            Array.Resize(ref pending, Math.Max(pendingLength + text.Length, 2 * pending.Length));
        text.CopyTo(pending.AsSpan(pendingLength));
        pendingLength += text.Length;
        if (pendingLength < nextAttempt)
            return;
        Drop(consumer(pending.AsSpan(0, pendingLength), isEnd: false));

        // A text without any safe cut is tried again only after it has doubled: the attempts stay linear in its length.
        nextAttempt = Math.Max(WorthwhileLength, 2 * pendingLength);
    }

    /// <summary>Ends the text: the consumer takes the rest. Another text may follow.</summary>
    public void Finish(Consumer consumer)
    {
        Drop(consumer(pending.AsSpan(0, pendingLength), isEnd: true));
        nextAttempt = WorthwhileLength;
    }

    private void Drop(int count)
    {
        pending.AsSpan(count, pendingLength - count).CopyTo(pending);
        pendingLength -= count;
    }
}
