using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>A tokenizer that is known by name and made when it is first asked for.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes the tokenizer; called once.</param>
public sealed class TokenizerPlugin(string name, string description, Func<Tokenizer> create) : IPlugin
{
    private readonly Lock gate = new();
    private Tokenizer? tokenizer;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Description { get; } = description;

    /// <summary>The tokenizer.</summary>
    public Tokenizer Tokenizer
    {
        get
        {
            lock (gate)
                return tokenizer ??= create();
        }
    }

    /// <summary>The tokenizer where it is made already; else it becomes the one that was found equal, and need not be made.</summary>
    internal Tokenizer Share(Tokenizer equal)
    {
        lock (gate)
            return tokenizer ??= equal;
    }
}
