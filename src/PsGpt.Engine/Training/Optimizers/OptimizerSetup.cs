using PsGpt.Communication;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Tensors;

namespace PsGpt.Training;

/// <summary>The model, the options and the state that an optimizer works on.</summary>
public sealed class OptimizerSetup
{
    private readonly MemoryLeases leases = new();
    private readonly OptimizerSetup? original;
    private readonly Dictionary<string, TensorSet> moments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorSet> copies = new(StringComparer.Ordinal);

    internal OptimizerSetup(
        GptModel model, TrainerOptions options, IKernels kernels, TrainingState state, ICommunicator communicator,
        Func<TensorShape, bool> needsWholeLayers)
    {
        (Model, Options, Kernels, State) = (model, options, kernels, state);
        Parts = TrainedParts(model, options);
        if (communicator.Size == 1 && options.GradientFormat == WireFormat.Float32)
            return;
        Shards = new ParameterShards(model.Weights.Shapes, Parts, needsWholeLayers, communicator);
        Parts = [.. Shards.OwnParts()];
    }

    private OptimizerSetup(OptimizerSetup original)
    {
        (this.original, State, Options, Kernels) = (original, original.State, original.Options, original.Kernels);
        (Parts, Shards, Arguments) = (original.Parts, original.Shards, original.Arguments);
        Model = new GptModel(original.Model.Configuration, original.Model.Tokenizer, original.Model.Name);
        RefreshCopies();
    }

    /// <summary>The model; for an optimizer of another assembly a copy, which is taken over after each update.</summary>
    public GptModel Model { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The parameters to update. The others are frozen, or updated by other processes that train together with this one.</summary>
    public IReadOnlyList<ParameterPart> Parts { get; }

    /// <summary>The values of the optimizer's own parameters.</summary>
    public PluginArguments Arguments { get; internal set; } = PluginArguments.None;

    internal IKernels Kernels { get; }

    internal TrainingState State { get; }

    /// <summary>How the parameters are divided among ranks; null for a process alone, which exchanges nothing.</summary>
    internal ParameterShards? Shards { get; }

    /// <summary>The shapes of a moment: those of the parameters, or of this rank's shards of them.</summary>
    internal IReadOnlyList<TensorShape> MomentShapes => Shards?.Shapes ?? Model.Weights.Shapes;

    /// <summary>
    /// A moment of the training state, with room for all <see cref="Parts"/>; zeros if the state has none of that name yet.
    /// </summary>
    /// <remarks>Its memory is leased until the trainer is disposed.</remarks>
    /// <param name="name">The name, such as <c>adamw.m</c>.</param>
    /// <exception cref="GptException"><c>OutOfMemory</c>, <c>MomentsDivided</c>.</exception>
    public TensorSet GetMoment(string name)
    {
        if (original is not null)
            return CopyOf(name);
        if (moments.TryGetValue(name, out var known))
            return known;
        var moment = State.GetOrAddMoment(name, MomentShapes);
        leases.Add(moment);
        moments.Add(name, moment);
        return moment;
    }

    /// <summary>
    /// The setup for an optimizer that may not return from an update: its model and its moments are copies, which are taken over after
    /// each update.
    /// </summary>
    /// <exception cref="GptException"><c>OutOfMemory</c>.</exception>
    internal OptimizerSetup OnCopies() => new(this);

    /// <summary>Makes the copies equal to the model and to the moments that the state has.</summary>
    internal void RefreshCopies()
    {
        original!.Model.Weights.CopyTo(Model.Weights);
        Model.TrainingState.Step = original.Model.TrainingState.Step;
        foreach (var (name, copy) in copies)
            State.Moments.GetValueOrDefault(name)?.CopyTo(copy);
    }

    /// <summary>Takes the copies over into the model and the state.</summary>
    internal void TakeCopies()
    {
        Model.Weights.CopyTo(original!.Model.Weights);
        foreach (var (name, copy) in copies)
            copy.CopyTo(original.GetMoment(name));
    }

    /// <summary>Frees the copies.</summary>
    internal void FreeCopies()
    {
        Model.Dispose();
        foreach (var copy in copies.Values)
            copy.Dispose();
    }

    private TensorSet CopyOf(string name)
    {
        if (copies.TryGetValue(name, out var known))
            return known;
        var copy = new TensorSet(MomentShapes);
        if (State.Moments.ContainsKey(name))
            original!.GetMoment(name).CopyTo(copy);
        copies.Add(name, copy);
        return copy;
    }

    /// <summary>Ends the leases on the moments.</summary>
    internal void Release() => leases.Dispose();

    /// <summary>The parameters that are not frozen.</summary>
    /// <exception cref="GptException"><c>TrainerOptionsInvalid</c>: a frozen layer does not exist.</exception>
    private static List<ParameterPart> TrainedParts(GptModel model, TrainerOptions options)
    {
        var layerCount = model.Configuration.LayerCount;
        foreach (var layer in options.FreezeLayers)
        {
            OptionCheck.OfStep.Require(
                layer >= 0 && layer < layerCount, $"there is no layer {layer} to freeze in a model with the layers 0 to {layerCount - 1}");
        }

        var runs = TrainedLayers(layerCount, options.FreezeLayers).ToList();
        var parts = new List<ParameterPart>();
        for (var i = 0; i < model.Weights.Shapes.Count; i++)
        {
            var shape = model.Weights.Shapes[i];
            if (shape.IsStacked)
                parts.AddRange(runs.Select(run => new ParameterPart(i, shape, run.First, run.Count)));
            else if (!options.FreezeEmbedding || !shape.IsEmbedding)
                parts.Add(new ParameterPart(i, shape, FirstLayer: 0, LayerCount: 1));
        }

        return parts;
    }

    /// <summary>The layers that are not frozen, as few runs as possible.</summary>
    private static IEnumerable<(int First, int Count)> TrainedLayers(int layerCount, IReadOnlyList<int> frozen)
    {
        for (var first = 0; first < layerCount; first++)
        {
            var end = first;
            while (end < layerCount && !frozen.Contains(end))
                end++;
            if (end > first)
                yield return (first, end - first);
            first = end;
        }
    }
}
