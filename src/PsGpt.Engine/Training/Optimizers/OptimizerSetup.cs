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
    private readonly List<TensorSet> moments = [];

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

    /// <summary>The model.</summary>
    public GptModel Model { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The parameters to update. The others are frozen, or updated by other processes that train together with this one.</summary>
    public IReadOnlyList<ParameterPart> Parts { get; }

    /// <summary>The values of the optimizer's own parameters.</summary>
    public PluginArguments Arguments { get; internal set; } = PluginArguments.None;

    internal IKernels Kernels { get; }

    internal TrainingState State { get; }

    /// <summary>The moments that the optimizer has asked for.</summary>
    internal IReadOnlyList<TensorSet> Moments => moments;

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
        var moment = State.GetOrAddMoment(name, MomentShapes);
        leases.Add(moment);
        moments.Add(moment);
        return moment;
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
