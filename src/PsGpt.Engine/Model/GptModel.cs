using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Model;

/// <summary>A GPT: its architecture, its parameters, the tokenizer that it speaks, and the state of its training.</summary>
/// <remarks>
/// Several threads may share a model: any number of them may read it while one trains it. An operation that cannot go with another
/// fails with <c>ModelInUse</c>. After <see cref="Dispose"/>, operations that are still at work fail at their next step or token.
/// </remarks>
public sealed class GptModel : IDisposable
{
    private readonly ModelGate gate;

    /// <summary>Makes a model whose parameters are all zero; see <see cref="ModelInitializer"/> and the formats for filled ones.</summary>
    /// <param name="configuration">The architecture.</param>
    /// <param name="tokenizer">
    /// The tokenizer, or null if a file brought none. Its tokens without a row in the model are refused in texts.
    /// </param>
    /// <param name="name">The name of the model in lists.</param>
    /// <param name="dataType">
    /// How it keeps its matrices: <c>Float32</c>, <c>BFloat16</c> or <c>Q8_0</c>. A model in a narrow type only completes and scores texts.
    /// </param>
    /// <exception cref="GptException"><c>ConfigurationInvalid</c>, <c>OutOfMemory</c>.</exception>
    public GptModel(
        GptConfiguration configuration, Tokenizer? tokenizer, string name, WeightDataType dataType = WeightDataType.Float32)
        : this(configuration, tokenizer, name, dataType, endOfText: [])
    {
    }

    /// <param name="endOfText">
    /// The ids that end a text, where the model's own files name them; they count instead of the tokenizer's as far as it has them.
    /// </param>
    internal GptModel(
        GptConfiguration configuration, Tokenizer? tokenizer, string name, WeightDataType dataType, IReadOnlyList<int> endOfText)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        (Configuration, Name, DataType, OwnEndOfText) = (configuration, name, dataType, endOfText);
        Tokenizer = Ending(tokenizer, endOfText);
        Storage = new TensorSet([.. configuration.GetParameterShapes().Select(shape => StoredAs(shape, dataType))]);
        TrainingState = new TrainingState();
        gate = new ModelGate(Storage, () => Name);
    }

    /// <summary>The same model, which speaks another tokenizer.</summary>
    private GptModel(GptModel model, Tokenizer tokenizer)
    {
        (Configuration, Name, DataType, OwnEndOfText) = (model.Configuration, model.Name, model.DataType, model.OwnEndOfText);
        Tokenizer = Ending(tokenizer, OwnEndOfText);
        (Storage, TrainingState, gate) = (model.Storage, model.TrainingState, model.gate);
    }

    /// <summary>The name of the model in lists.</summary>
    public string Name { get; set; }

    /// <summary>The architecture.</summary>
    public GptConfiguration Configuration { get; }

    /// <summary>How the model keeps its matrices; norms, biases and the position embedding are always float32.</summary>
    public WeightDataType DataType { get; }

    /// <summary>The weights, in llm.c's order.</summary>
    /// <exception cref="GptException"><c>WeightsNarrow</c>: the model does not keep them as float32.</exception>
    internal TensorSet Weights
    {
        get
        {
            RequireFloat32();
            return Storage;
        }
    }

    /// <summary>The weights as they are kept, whatever their type.</summary>
    internal TensorSet Storage { get; }

    /// <summary>The tokenizer that the model speaks, or null if the file brought none.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>The ids that end a text, which completions stop at: the tokenizer's; without one, those that its files name.</summary>
    public IReadOnlyList<int> EndOfTextTokens =>
        Tokenizer?.EndOfTextTokens ?? [.. OwnEndOfText.Where(id => id >= 0 && id < Vocabulary)];

    /// <summary>The training state that goes with the model, for trainers that are given no other.</summary>
    public TrainingState TrainingState { get; }

    /// <summary>The ids that end a text by the model's own files, whatever its tokenizer; none where they do not say it.</summary>
    internal IReadOnlyList<int> OwnEndOfText { get; }

    /// <inheritdoc cref="Weights"/>
    /// <remarks>A method, since a property would show native memory in lists and JSON.</remarks>
    public TensorSet GetWeights() => Weights;

    /// <summary>The number of parameters; a tied head counts once.</summary>
    public long Parameters => Configuration.ParameterCount;

    /// <summary>The number of layers.</summary>
    public int Layers => Configuration.LayerCount;

    /// <summary>The number of attention heads.</summary>
    public int Heads => Configuration.HeadCount;

    /// <summary>The width of the model.</summary>
    public int Channels => Configuration.ChannelCount;

    /// <summary>The longest sequence that the model takes, in tokens.</summary>
    public int Context => Configuration.ContextLength;

    /// <summary>The number of token ids.</summary>
    public int Vocabulary => Configuration.VocabularySize;

    /// <summary>The number of finished steps of training.</summary>
    public int Steps => TrainingState.Step;

    /// <summary>
    /// The same model with another tokenizer: weights, steps and memory are shared, so that training or disposing one of the two is
    /// training or disposing both.
    /// </summary>
    /// <param name="tokenizer">The tokenizer. Its tokens without a row in the model are refused in texts.</param>
    /// <param name="warn">Is told which tokens have no row; may be null.</param>
    public GptModel WithTokenizer(Tokenizer tokenizer, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (ReferenceEquals(tokenizer, Tokenizer))
            return this;
        TokensWithoutRow.Report(tokenizer, Name, Vocabulary, warn ?? (_ => { }));
        return new GptModel(this, tokenizer);
    }

    /// <summary>Whether two objects are one model, whose tokenizers may differ.</summary>
    internal bool IsSameAs(GptModel other) => ReferenceEquals(Storage, other.Storage);

    /// <summary>Refuses a model in narrow weights, which is there to complete and to score texts.</summary>
    /// <exception cref="GptException"><c>WeightsNarrow</c>.</exception>
    internal void RequireFloat32()
    {
        if (DataType != WeightDataType.Float32)
        {
            throw new GptException("WeightsNarrow", GptErrorKind.NotSupported,
                $"The model '{Name}' keeps its weights as {DataType}: it completes and scores texts, but it cannot be trained, changed, "
                + "taken apart or exported. Load it as Float32.");
        }
    }

    /// <summary>A tokenizer that ends texts where the model does. Small models often keep GPT-2's 50256, and have no such token.</summary>
    private static Tokenizer? Ending(Tokenizer? tokenizer, IReadOnlyList<int> endOfText) =>
        tokenizer is BytePairTokenizer bytePairs
        && endOfText.Where(id => id >= 0 && id < bytePairs.VocabularySize).Distinct().ToArray() is { Length: > 0 } known
            ? bytePairs.WithEndOfText(known)
            : tokenizer;

    private static TensorShape StoredAs(TensorShape shape, WeightDataType dataType) =>
        shape.IsMatrix && shape.Role != TensorRole.PositionEmbedding ? shape with { DataType = dataType } : shape;

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

    /// <summary>Takes weights, moments and step of another model of the same architecture.</summary>
    internal void TakeFrom(GptModel other)
    {
        using var section = BeginUpdate();
        TrainingState.TakeFrom(other.TrainingState);
        other.Weights.CopyTo(Weights);
    }

    /// <summary>The number of updates of the parameters so far.</summary>
    internal long UpdateCount => gate.UpdateCount;

    /// <summary>Begins a short use of the parameters that sees whole steps of a training; see <see cref="ModelGate"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal ModelGate.Section BeginRead() => gate.BeginRead();

    /// <summary>Begins a change of the parameters, which waits for readers and lets no others in.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal ModelGate.Section BeginUpdate() => gate.BeginUpdate();

    /// <summary>Begins a training, which excludes other trainings and copies.</summary>
    /// <exception cref="GptException"><c>ModelInUse</c>, <c>WeightsNarrow</c>.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal ModelGate.Occupation BeginTraining()
    {
        RequireFloat32();
        return gate.BeginTraining();
    }

    /// <summary>Begins an export or a copy of the whole model, which excludes trainings.</summary>
    /// <exception cref="GptException"><c>ModelInUse</c>, <c>WeightsNarrow</c>.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal ModelGate.Occupation BeginCopy()
    {
        RequireFloat32();
        return gate.BeginCopy();
    }

    /// <summary>Never frees the memory of parameters and moments: a thread that cannot be ended may still read it.</summary>
    internal void KeepMemory()
    {
        Storage.KeepMemory();
        foreach (var moment in TrainingState.Moments.Values)
            moment.KeepMemory();
    }

    /// <summary>Frees the parameters and the training state, as soon as no operation uses them.</summary>
    public void Dispose()
    {
        gate.Close();
        Storage.Dispose();
        TrainingState.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Configuration.LayerCount} layers, {Configuration.HeadCount} heads, {Configuration.ChannelCount} channels, "
        + $"{Configuration.ParameterCount:N0} parameters";
}
