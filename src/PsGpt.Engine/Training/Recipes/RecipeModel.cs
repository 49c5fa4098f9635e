using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Training;

/// <summary>The model that a recipe trains from scratch: its sizes, and the tokenizer that it speaks.</summary>
public sealed record RecipeModel
{
    /// <summary>The tokenizer that is made of the characters of the text.</summary>
    public const string CharacterTokenizer = "character";

    /// <summary>The tokenizer, by its name in <see cref="TokenizerCatalog"/>, or <see cref="CharacterTokenizer"/>.</summary>
    public string Tokenizer { get; init; } = "gpt2";

    /// <summary>The number of layers.</summary>
    public int LayerCount { get; init; } = 4;

    /// <summary>The number of attention heads; divides <see cref="ChannelCount"/>.</summary>
    public int HeadCount { get; init; } = 4;

    /// <summary>The width of the model.</summary>
    public int ChannelCount { get; init; } = 128;

    /// <summary>The longest sequence that the model takes, in tokens.</summary>
    public int ContextLength { get; init; } = 256;

    /// <summary>The number of token ids; null for the tokenizer's.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>The non-linearity of the feed-forward part.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunction.GeluTanh;

    /// <summary>The share of values that training drops out, 0 to below 1.</summary>
    public float Dropout { get; init; }

    /// <summary>Whether norms and matrices have no biases.</summary>
    public bool NoBias { get; init; }

    /// <summary>Whether queries, keys and values have no biases.</summary>
    public bool NoQueryKeyValueBias { get; init; }

    /// <summary>Whether the head is a matrix of its own instead of the token embedding.</summary>
    public bool UntiedHead { get; init; }

    /// <summary>Whether a head of its own has a bias.</summary>
    public bool HeadBias { get; init; }

    /// <summary>Finds the tokenizer, or makes it of the characters of a text.</summary>
    /// <param name="text">The text that will be trained on, in pieces; read only for <see cref="CharacterTokenizer"/>.</param>
    /// <exception cref="GptException"><c>PluginNotFound</c>; <c>TextEmpty</c>.</exception>
    public Tokenizer FindTokenizer(IEnumerable<ReadOnlyMemory<char>> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Tokenizer.Equals(CharacterTokenizer, StringComparison.OrdinalIgnoreCase))
            return TokenizerCatalog.Registry.Get(Tokenizer).Tokenizer;
        var characters = new CharacterTrainer();
        foreach (var piece in text)
            characters.Append(piece.Span);
        characters.EndText();
        return characters.Train();
    }

    /// <summary>Makes the model with GPT-2's initialisation.</summary>
    /// <param name="tokenizer">The tokenizer that the model will speak.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="name">A name for lists.</param>
    /// <param name="progress">Receives the share of the weights that are drawn, 0 to 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException"><c>ConfigurationInvalid</c>, <c>TokenizerTooLarge</c>, <c>OutOfMemory</c>.</exception>
    public GptModel Create(
        Tokenizer tokenizer, ulong seed, string name, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var configuration = new GptConfiguration
        {
            VocabularySize = VocabularySize ?? tokenizer.VocabularySize,
            ContextLength = ContextLength,
            LayerCount = LayerCount,
            HeadCount = HeadCount,
            ChannelCount = ChannelCount,
            Activation = Activation,
            Dropout = Dropout,
            HasBias = !NoBias,
            HasQueryKeyValueBias = !NoQueryKeyValueBias,
            HasTiedHead = !UntiedHead,
            HasHeadBias = HeadBias,
        };
        return ModelInitializer.Create(configuration, tokenizer, seed, name, progress, cancellationToken);
    }
}
