using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>A split of another assembly: where it throws or gives a length that cannot be, the error names it.</summary>
internal sealed class GuardedPreTokenizer(IPreTokenizer inner) : IPreTokenizer
{
    private readonly PluginGuard guard = new("split", inner.Name);

    public string Name { get; } = inner.Name;

    public string Description => inner.Description;

    public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd)
    {
        var length = 0;
        guard.Run(new Call(inner, text, isEnd, ref length), static call => call.Run());
        if (length < 0 || length > text.Length || (length == 0 && isEnd))
            throw guard.Broken($"cut {length} characters from a text of {text.Length}");
        return length;
    }

    private readonly ref struct Call(IPreTokenizer split, ReadOnlySpan<char> text, bool isEnd, ref int length)
    {
        private readonly ReadOnlySpan<char> text = text;
        private readonly ref int length = ref length;

        public void Run() => length = split.GetPreTokenLength(text, isEnd);
    }
}
