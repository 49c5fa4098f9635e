using PsGpt.Plugins;

namespace PsGpt.Tokenization;

/// <summary>A tokenizer that is known by name and made when it is first asked for.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
/// <param name="create">Makes the tokenizer; called once.</param>
public sealed class TokenizerPlugin(string name, string description, Func<Tokenizer> create) : IPlugin
{
    private readonly Lazy<Tokenizer> tokenizer = new(create);

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Description { get; } = description;

    /// <summary>The tokenizer.</summary>
    public Tokenizer Tokenizer => tokenizer.Value;
}
