using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>A tokenizer format of another assembly: where it throws, the error names it.</summary>
internal sealed class GuardedTokenizerFormat(ITokenizerFormat inner) : ITokenizerFormat
{
    private readonly PluginGuard guard = new("tokenizer format", inner.Name, PluginLimits.None);

    public string Name { get; } = inner.Name;

    public string Description => inner.Description;

    public bool Recognizes(string path)
    {
        var result = false;
        guard.Run(() => result = inner.Recognizes(path));
        return result;
    }

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn) =>
        guard.Get(() => inner.Read(path, preTokenizer, warn));

    public byte[] Write(Tokenizer tokenizer) => guard.Get(() => inner.Write(tokenizer));
}
