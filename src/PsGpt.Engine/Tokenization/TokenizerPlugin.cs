using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>A tokenizer that is known by name and made when it is first asked for.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes the tokenizer; called once.</param>
public class TokenizerPlugin(string name, string description, Func<Tokenizer> create) : NamedPlugin(name, description)
{
    private readonly Lock gate = new();
    private Tokenizer? tokenizer;

    /// <summary>The tokenizer.</summary>
    /// <exception cref="GptException"><c>PluginFailed</c>: it is of another assembly, and making it threw.</exception>
    public Tokenizer Tokenizer
    {
        get
        {
            lock (gate)
                return tokenizer ??= Make();
        }
    }

    private protected override object Code => create;

    /// <summary>Whether it is the tokenizer of this plug-in.</summary>
    internal bool Made(Tokenizer other)
    {
        lock (gate)
            return ReferenceEquals(tokenizer, other);
    }

    /// <summary>The tokenizer where it is made already; else it becomes the one that was found equal, and need not be made.</summary>
    internal Tokenizer Share(Tokenizer equal)
    {
        lock (gate)
            return tokenizer ??= equal;
    }

    private Tokenizer Make()
    {
        if (!PluginGuard.IsForeign(create))
            return create();
        var staysOnThread = PluginGuard.StaysOnThread(create);
        var made = new PluginGuard("tokenizer", Name, staysOnThread).Get(create);
        return PluginGuard.IsForeign(made)
            ? new GuardedTokenizer(made, new PluginGuard("tokenizer", Name, staysOnThread || PluginGuard.StaysOnThread(made)))
            : made;
    }
}
