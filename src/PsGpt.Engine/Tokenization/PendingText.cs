namespace PsGpt.Tokenization;

/// <summary>
/// A text that comes in parts: hands on what is certain whatever follows and keeps the rest. Memory does not grow with the text,
/// but with its longest pre-token.
/// </summary>
internal sealed class PendingText
{
    /// <summary>A longer pre-token is tried again only after it has grown by a quarter: the attempts stay linear in its length.</summary>
    private const int LongestTriedAlways = 256;

    /// <summary>The most that is copied from a long part at a time: enough for two threads to share.</summary>
    private const int MostTaken = 1 << 20;

    private char[] pending = new char[1024];
    private int pendingLength;
    private int nextAttempt;

    /// <summary>Takes text and returns how many chars of it were certain; all of them at the end.</summary>
    public delegate int Consumer(ReadOnlySpan<char> text, bool isEnd);

    /// <summary>Adds the next part of the text.</summary>
    /// <param name="text">Any number of chars.</param>
    /// <param name="consumer">Takes what is certain; the rest comes again. Where it throws, the text is dropped.</param>
    public void Append(ReadOnlySpan<char> text, Consumer consumer)
    {
        while (!text.IsEmpty)
        {
            var taken = Math.Min(text.Length, MostTaken);
            Keep(text[..taken]);
            text = text[taken..];
            if (pendingLength < nextAttempt)
                continue;
            Consume(consumer, isEnd: false);
            nextAttempt = pendingLength > LongestTriedAlways ? pendingLength + (pendingLength / 4) : 0;
        }
    }

    /// <summary>Ends the text: the consumer takes the rest. Another text may follow.</summary>
    public void Finish(Consumer consumer)
    {
        Consume(consumer, isEnd: true);
        nextAttempt = 0;
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        if (pendingLength + text.Length > pending.Length)
            Array.Resize(ref pending, Math.Max(pendingLength + text.Length, 2 * pending.Length));
        text.CopyTo(pending.AsSpan(pendingLength));
        pendingLength += text.Length;
    }

    private void Consume(Consumer consumer, bool isEnd)
    {
        var given = pendingLength;
        pendingLength = 0;
        var taken = consumer(pending.AsSpan(0, given), isEnd);
        pending.AsSpan(taken, given - taken).CopyTo(pending);
        pendingLength = given - taken;
    }
}
