using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Training;

/// <summary>The model that a recipe trains from scratch: its sizes, and the tokenizer that it speaks.</summary>
public sealed record RecipeModel
{
    /// <summary>The tokenizer that is made of the characters of the text.</summary>
    public const string CharacterTokenizer = "character";

    /// <summary>The tokenizer that is made of the bytes of the text and of the pairs that are frequent in it.</summary>
    public const string BytePairTokenizer = "byte-pair";

    private const int DefaultBytePairCount = 1024;

    /// <summary>
    /// The tokenizer, by its name in <see cref="TokenizerCatalog"/>, or one that is made of the text: <see cref="CharacterTokenizer"/> or
    /// <see cref="BytePairTokenizer"/>.
    /// </summary>
    public string Tokenizer { get; init; } = "gpt2";

    /// <summary>The number of layers.</summary>
    public int LayerCount { get; init; } = 4;

    /// <summary>The number of attention heads; divides <see cref="ChannelCount"/>.</summary>
    public int HeadCount { get; init; } = 4;

    /// <summary>The width of the model.</summary>
    public int ChannelCount { get; init; } = 128;

    /// <summary>The longest sequence that the model takes, in tokens.</summary>
    public int ContextLength { get; init; } = 256;

    /// <summary>
    /// The number of token ids; null for the tokenizer's. A tokenizer of byte pairs is made with so many, 1024 for null, or with fewer
    /// where the text has not as many pairs.
    /// </summary>
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

    /// <summary>The amplitude of the sines that the position embedding begins with; 0 for random numbers, as in GPT-2.</summary>
    public float PositionAmplitude { get; init; }

    /// <summary>Finds the tokenizer, or makes it of a text.</summary>
    /// <param name="text">The text that will be trained on, in pieces; read only for a tokenizer that is made of it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException"><c>PluginNotFound</c>; <c>TextEmpty</c>, <c>VocabularySizeInvalid</c>.</exception>
    public Tokenizer FindTokenizer(IEnumerable<ReadOnlyMemory<char>> text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Is(CharacterTokenizer))
        {
            var characters = new CharacterTrainer();
            Feed(text, characters.Append, characters.EndText);
            return characters.Train();
        }

        if (!Is(BytePairTokenizer))
            return TokenizerCatalog.Registry.Get(Tokenizer).Tokenizer;
        var bytePairs = new BytePairTrainer();
        Feed(text, bytePairs.Append, bytePairs.EndText);
        return bytePairs.Train(VocabularySize ?? DefaultBytePairCount, cancellationToken);
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
            VocabularySize = Is(BytePairTokenizer) ? tokenizer.VocabularySize : VocabularySize ?? tokenizer.VocabularySize,
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
        return ModelInitializer.Create(configuration, tokenizer, seed, name, progress, PositionAmplitude, cancellationToken);
    }

    private static void Feed(IEnumerable<ReadOnlyMemory<char>> text, Action<ReadOnlySpan<char>> append, Action endText)
    {
        foreach (var piece in text)
            append(piece.Span);
        endText();
    }

    private bool Is(string tokenizer) => Tokenizer.Equals(tokenizer, StringComparison.OrdinalIgnoreCase);
}
