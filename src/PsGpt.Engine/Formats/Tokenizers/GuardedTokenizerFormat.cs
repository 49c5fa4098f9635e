using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Formats.Tokenizers;

/// <summary>A tokenizer format of another assembly: where it throws, the error names it.</summary>
internal sealed class GuardedTokenizerFormat(ITokenizerFormat inner)
    : GuardedPlugin<ITokenizerFormat>(inner, "tokenizer format", PluginLimits.None), ITokenizerFormat
{
    public bool Recognizes(string path) => Guard.Get(() => Inner.Recognizes(path));

    public Tokenizer Read(string path, IPreTokenizer? preTokenizer, Action<string> warn)
    {
        var reports = new PluginReports(progress: null, warn);
        Tokenizer? tokenizer = null;
        Guard.Run(() => tokenizer = Inner.Read(path, preTokenizer, reports.Warn), reports, cancellationToken: default);
        Guard.Require(tokenizer is not null, $"gave nothing");
        return PluginGuard.IsForeign(tokenizer!)
            ? new GuardedTokenizer(tokenizer!, new PluginGuard("tokenizer format", Name, PluginGuard.StaysOnThread(tokenizer!)))
            : tokenizer!;
    }

    public GptException? FindObstacle(Tokenizer tokenizer)
    {
        GptException? obstacle = null;
        Guard.Run(() => obstacle = Inner.FindObstacle(tokenizer));
        return obstacle;
    }

    public byte[] Write(Tokenizer tokenizer) => Guard.Get(() => Inner.Write(tokenizer));
}
