using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>A split of another assembly: where it throws or gives a length that cannot be, the error names it.</summary>
internal sealed class GuardedPreTokenizer(IPreTokenizer inner) : GuardedPlugin<IPreTokenizer>(inner, "split"), IPreTokenizer
{
    public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd)
    {
        var length = 0;
        Guard.Run(new Call(Inner, text, isEnd, ref length), static call => call.Run());
        if (length < 0 || length > text.Length || (length == 0 && isEnd))
            throw Guard.Broken($"cut {length} characters from a text of {text.Length}");
        if (length > 0 && length < text.Length && char.IsSurrogatePair(text[length - 1], text[length]))
            throw Guard.Broken($"cut a character in two, after {length} of {text.Length}");
        return length;
    }

    private readonly ref struct Call(IPreTokenizer split, ReadOnlySpan<char> text, bool isEnd, ref int length)
    {
        private readonly ReadOnlySpan<char> text = text;
        private readonly ref int length = ref length;

        public void Run() => length = split.GetPreTokenLength(text, isEnd);
    }
}
