using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Model;

/// <summary>A GPT: its architecture, its parameters, the tokenizer that it speaks, and the state of its training.</summary>
public sealed class GptModel : IDisposable
{
    /// <summary>Makes a model whose parameters are all zero; see <see cref="ModelInitializer"/> and the formats for filled ones.</summary>
    /// <param name="configuration">The architecture.</param>
    /// <param name="tokenizer">The tokenizer; its vocabulary is not larger than the model's. Null where a file brought none.</param>
    /// <param name="name">What lists call the model.</param>
    /// <exception cref="GptException"><c>ConfigurationInvalid</c>, <c>TokenizerTooLarge</c>, <c>OutOfMemory</c>.</exception>
    public GptModel(GptConfiguration configuration, Tokenizer? tokenizer, string name)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        if (tokenizer is not null && tokenizer.VocabularySize > configuration.VocabularySize)
        {
            throw new GptException("TokenizerTooLarge", GptErrorKind.InvalidArgument,
                $"The tokenizer '{tokenizer.Name}' has {tokenizer.VocabularySize} tokens, but the model has room for {configuration.VocabularySize}. Use the tokenizer that the model was made with.");
        }

        (Configuration, Tokenizer, Name) = (configuration, tokenizer, name);
        Parameters = new TensorSet(configuration.GetParameterShapes());
    }

    /// <summary>What lists call the model.</summary>
    public string Name { get; set; }

    /// <summary>The architecture.</summary>
    public GptConfiguration Configuration { get; }

    /// <summary>The weights, in llm.c's order.</summary>
    public TensorSet Parameters { get; }

    /// <summary>The tokenizer that the model speaks, or null where the file brought none.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>How far training is and what the optimizer remembers.</summary>
    public TrainingState TrainingState { get; } = new();

    /// <summary>Refuses tokens of another tokenizer.</summary>
    /// <param name="tokenizerName">The name that the tokens carry; null passes.</param>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>.</exception>
    public void RequireTokenizer(string? tokenizerName)
    {
        if (tokenizerName is not null && Tokenizer is not null && tokenizerName != Tokenizer.Name)
        {
            throw new GptException("TokenizerMismatch", GptErrorKind.InvalidArgument,
                $"The tokens were made by '{tokenizerName}', but the model '{Name}' speaks '{Tokenizer.Name}'. Make them with ConvertTo-GptTokens -Model.");
        }
    }

    /// <summary>Gives a fresh model its weights. Where that fails, its memory is freed at once: there may be gigabytes of it.</summary>
    /// <returns>The model.</returns>
    internal GptModel FilledBy(Action<GptModel> fill)
    {
        try
        {
            fill(this);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Frees the parameters and the training state.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        TrainingState.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Configuration.LayerCount} layers, {Configuration.HeadCount} heads, {Configuration.ChannelCount} channels, {Configuration.ParameterCount:N0} parameters";
}
