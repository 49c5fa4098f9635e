using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Inspection;

/// <summary>
/// The tensors of a model as objects, by llm.c's names (<c>qkvw</c>: all layers in one tensor) and by Hugging Face's
/// (<c>h.3.attn.c_attn.weight</c>: one layer). They are views: a change of a value changes the model.
/// </summary>
public static class ModelTensors
{
    /// <summary>The tensors of a model under llm.c's names, in the order of the file, without the padding of the vocabulary.</summary>
    public static IEnumerable<GptTensor> Stacked(GptModel model)
    {
        RequireAlive(model);
        return Stacked(model, model.Weights, prefix: "", tensor => MemoryOf(model, tensor));
    }

    /// <summary>The optimizer's moments as tensors; their names begin with that of the moment, such as <c>adamw.m/qkvw</c>.</summary>
    public static IEnumerable<GptTensor> Moments(GptModel model)
    {
        RequireAlive(model);
        return model.TrainingState.Moments.SelectMany(moment =>
            Stacked(model, moment.Value, $"{moment.Key}/", tensor => MemoryOf(model, tensor)));
    }

    /// <summary>The optimizer's moments layer by layer; their names are such as <c>adamw.m/h.3.attn.c_attn.weight</c>.</summary>
    public static IEnumerable<GptTensor> MomentsPerLayer(GptModel model)
    {
        RequireAlive(model);
        return model.TrainingState.Moments.SelectMany(moment =>
            PerLayer(model, moment.Value, $"{moment.Key}/", tensor => MemoryOf(model, tensor)));
    }

    /// <summary>
    /// The tensors of a model under Hugging Face's names, layer by layer; its Conv1D weights are (in, out), as in its files.
    /// </summary>
    public static IEnumerable<GptTensor> PerLayer(GptModel model)
    {
        RequireAlive(model);
        return PerLayer(model, model.Weights, prefix: "", tensor => MemoryOf(model, tensor));
    }

    /// <summary>The tensors of a set that is laid out as a model's parameters, under llm.c's names.</summary>
    internal static IEnumerable<GptTensor> Stacked(
        GptModel model, TensorSet set, string prefix, Func<Tensor, TensorMemory> memoryOf) =>
        set.Tensors.Select(tensor => new GptTensor(
            prefix + tensor.Name, tensor.Shape.Role.ToString(), memoryOf(tensor),
            TensorLayout.RowMajor(VisibleSizes(tensor.Shape, model)), Axes(tensor.Shape, model)));

    /// <summary>The tensors of a set that is laid out as a model's parameters, under Hugging Face's names.</summary>
    internal static IEnumerable<GptTensor> PerLayer(
        GptModel model, TensorSet set, string prefix, Func<Tensor, TensorMemory> memoryOf)
    {
        foreach (var name in HuggingFaceNames.Outer.Where(name => set.Find(name.Own) is not null && !name.IsAfterLayers))
            yield return View(model, memoryOf, set[name.Own], 0, prefix + name.Foreign, isTransposed: false);
        for (var layer = 0; layer < model.Configuration.LayerCount; layer++)
        {
            foreach (var name in HuggingFaceNames.InLayer.Where(name => set.Find(name.Own) is not null))
                yield return View(model, memoryOf, set[name.Own], layer, $"{prefix}h.{layer}.{name.Foreign}", name.IsTransposed);
        }

        foreach (var name in HuggingFaceNames.Outer.Where(name => set.Find(name.Own) is not null && name.IsAfterLayers))
            yield return View(model, memoryOf, set[name.Own], 0, prefix + name.Foreign, isTransposed: false);
    }

    private static GptTensor View(
        GptModel model, Func<Tensor, TensorMemory> memoryOf, Tensor tensor, int layer, string name, bool isTransposed)
    {
        var (sizes, axes) = (VisibleSizes(tensor.Shape, model), Axes(tensor.Shape, model));
        var outer = tensor.Shape.IsStacked ? 1 : 0;
        var layout = TensorLayout.RowMajor(sizes[outer..], tensor.Shape.LayerLength * layer);
        return new GptTensor(
            name, tensor.Shape.Role.ToString(), memoryOf(tensor), isTransposed ? layout.Transposed() : layout,
            isTransposed ? [axes[^1], axes[^2]] : axes[outer..]);
    }

    /// <summary>The axes as far as they have names: layers, and the tokens of the vocabulary.</summary>
    private static TensorAxis[] Axes(TensorShape shape, GptModel model)
    {
        TensorAxis[] axes = [.. shape.Sizes.Select(_ => TensorAxis.Unknown)];
        if (shape.IsStacked)
            axes[0] = new TensorAxis("layer");
        else if (IsPerToken(shape))
            axes[0] = VocabularyLabels.AxisOf(model);
        else if (shape.Role is TensorRole.PositionEmbedding)
            axes[0] = new TensorAxis("position");
        return axes;
    }

    /// <summary>A view of a freed model would show nothing, so there is none.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    private static void RequireAlive(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.BeginRead().Dispose();
    }

    private static TensorMemory.Native MemoryOf(GptModel model, Tensor tensor) =>
        new(tensor, () => model.BeginRead(), () => model.BeginUpdate());

    /// <summary>The sizes without the rows that pad the vocabulary.</summary>
    private static int[] VisibleSizes(TensorShape shape, GptModel model) =>
        IsPerToken(shape) ? [model.Configuration.VocabularySize, .. shape.Sizes[1..]] : shape.Sizes;

    /// <summary>Whether the tensor has a place for each token. Its size would not say so: a norm can be as long by chance.</summary>
    private static bool IsPerToken(TensorShape shape) =>
        shape.Role is TensorRole.TokenEmbedding or TensorRole.Head || shape.Name == ParameterNames.HeadBias;
}
