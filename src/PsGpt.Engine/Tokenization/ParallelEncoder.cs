using System.Runtime.ExceptionServices;
using PsGpt.Kernels.Threading;

namespace PsGpt.Tokenization;

/// <summary>
/// Encodes a long text that comes in parts on all threads. It is cut into stretches where tokens are likely to end; each is encoded as if
/// the one before ended there. Then each is asked, in order, whether it did: where not, it goes on with the next one itself. So the ids
/// are those of the whole text, wherever it was cut.
/// </summary>
/// <param name="tokenizer">A tokenizer that is shareable.</param>
/// <param name="allowSpecial">Whether texts of special tokens become those tokens.</param>
/// <param name="stretchLength">About how many chars a stretch has.</param>
internal sealed class ParallelEncoder(Tokenizer tokenizer, bool allowSpecial, int stretchLength = 1 << 16)
{
    // Two stretches for each thread, so that all end together.
    private readonly int capacity = 2 * WorkTeam.ThreadCount * stretchLength;
    private readonly HashSet<string> ignored = new(StringComparer.Ordinal);
    private StretchEncoder last = new(tokenizer, allowSpecial);
    private char[] waiting = [];
    private int waitingLength;

    /// <summary>The special tokens whose texts were encoded as plain text.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => ignored;

    /// <summary>Adds the next part of the text.</summary>
    public void Append(ReadOnlySpan<char> text, List<int> tokens)
    {
        while (!text.IsEmpty)
        {
            var taken = Math.Min(text.Length, capacity - waitingLength);
            Keep(text[..taken]);
            text = text[taken..];
            if (waitingLength == capacity)
                EncodeWaiting(tokens);
        }
    }

    /// <summary>Ends the text.</summary>
    public void Finish(List<int> tokens)
    {
        EncodeWaiting(tokens);
        Guard(() => last.Finish(tokens));
        ignored.UnionWith(last.IgnoredSpecialTokens);
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        // Most files are short.
        if (waitingLength + text.Length > waiting.Length)
            Array.Resize(ref waiting, Math.Min(capacity, Math.Max(waitingLength + text.Length, 2 * waiting.Length)));
        text.CopyTo(waiting.AsSpan(waitingLength));
        waitingLength += text.Length;
    }

    private void EncodeWaiting(List<int> tokens)
    {
        var stretches = Cut();
        waitingLength = 0;
        WorkTeam.For(stretches.Count, (from, to) =>
        {
            for (var i = from; i < to; i++)
                stretches[i].Encode(waiting);
        });
        Guard(() => stretches.ForEach(stretch => Join(stretch, tokens)));
    }

    private void Join(Stretch stretch, List<int> tokens)
    {
        var text = waiting.AsSpan(stretch.Start, stretch.Length);
        if (stretch.Start > 0 && !last.EndsBetween(waiting[stretch.Start - 1], text[0], tokens))
        {
            last.Append(text[1..], tokens);
            return;
        }

        if (stretch.Error is { } error)
            ExceptionDispatchInfo.Throw(error);
        tokens.AddRange(stretch.Tokens);
        ignored.UnionWith(last.IgnoredSpecialTokens);
        last = stretch.Encoder;
    }

    /// <summary>After an error the next text starts anew.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch
        {
            last = new StretchEncoder(tokenizer, allowSpecial);
            throw;
        }
    }

    /// <summary>Cuts what waits. The first stretch goes on where the last one of the text before has stopped.</summary>
    private List<Stretch> Cut()
    {
        var (stretches, start, encoder) = (new List<Stretch>(), 0, last);
        while (start < waitingLength)
        {
            var end = start + (2 * stretchLength) <= waitingLength ? FindBorder(start + stretchLength) : waitingLength;
            stretches.Add(new Stretch(encoder, start, end - start));
            start = end;
            if (start < waitingLength)
                encoder = new StretchEncoder(tokenizer, allowSpecial, waiting[start - 1]);
        }

        return stretches;
    }

    /// <summary>
    /// A place after the first line break before a letter, or a place before a space after a letter; the end where there is neither near.
    /// </summary>
    private int FindBorder(int from)
    {
        var near = waiting.AsSpan(from, Math.Min(stretchLength, waitingLength - from));
        for (var i = 1; i < near.Length; i++)
        {
            if (near[i - 1] == '\n' && char.IsAsciiLetter(near[i]))
                return from + i;
        }

        for (var i = 1; i < near.Length; i++)
        {
            if (char.IsAsciiLetter(near[i - 1]) && near[i] == ' ')
                return from + i;
        }

        return waitingLength;
    }

    /// <summary>A part of the text, with its ids or its error once it is encoded.</summary>
    private sealed class Stretch(StretchEncoder encoder, int start, int length)
    {
        public StretchEncoder Encoder => encoder;

        public int Start => start;

        public int Length => length;

        public List<int> Tokens { get; } = [];

        public Exception? Error { get; private set; }

        public void Encode(char[] text)
        {
            try
            {
                encoder.Append(text.AsSpan(start, length), Tokens);
            }
            catch (Exception exception)
            {
                Error = exception;
            }
        }
    }
}
