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
        ArgumentNullException.ThrowIfNull(model);
        return Stacked(model.Configuration, model.Weights, prefix: "", tensor => MemoryOf(model, tensor));
    }

    /// <summary>The optimizer's moments as tensors; their names begin with that of the moment, such as <c>adamw.m/qkvw</c>.</summary>
    public static IEnumerable<GptTensor> Moments(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.TrainingState.Moments.SelectMany(moment =>
            Stacked(model.Configuration, moment.Value, $"{moment.Key}/", tensor => MemoryOf(model, tensor)));
    }

    /// <summary>
    /// The tensors of a model under Hugging Face's names, layer by layer; its Conv1D weights are (in, out), as in its files.
    /// </summary>
    public static IEnumerable<GptTensor> PerLayer(GptModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PerLayer(model.Configuration, model.Weights, tensor => MemoryOf(model, tensor));
    }

    /// <summary>The tensors of a set that is laid out as a model's parameters, under llm.c's names.</summary>
    internal static IEnumerable<GptTensor> Stacked(
        GptConfiguration configuration, TensorSet set, string prefix, Func<Tensor, TensorMemory> memoryOf) =>
        set.Tensors.Select(tensor => new GptTensor(
            prefix + tensor.Name, tensor.Shape.Role.ToString(), memoryOf(tensor),
            TensorLayout.RowMajor(VisibleSizes(tensor.Shape, configuration)), labels: null));

    /// <summary>The tensors of a set that is laid out as a model's parameters, under Hugging Face's names.</summary>
    internal static IEnumerable<GptTensor> PerLayer(GptConfiguration configuration, TensorSet set, Func<Tensor, TensorMemory> memoryOf)
    {
        foreach (var name in HuggingFaceNames.Outer.Where(name => set.Find(name.Own) is not null && !name.IsAfterLayers))
            yield return View(configuration, memoryOf, set[name.Own], 0, name.Foreign, isTransposed: false);
        for (var layer = 0; layer < configuration.LayerCount; layer++)
        {
            foreach (var name in HuggingFaceNames.InLayer.Where(name => set.Find(name.Own) is not null))
                yield return View(configuration, memoryOf, set[name.Own], layer, $"h.{layer}.{name.Foreign}", name.IsTransposed);
        }

        foreach (var name in HuggingFaceNames.Outer.Where(name => set.Find(name.Own) is not null && name.IsAfterLayers))
            yield return View(configuration, memoryOf, set[name.Own], 0, name.Foreign, isTransposed: false);
    }

    private static GptTensor View(
        GptConfiguration configuration, Func<Tensor, TensorMemory> memoryOf, Tensor tensor, int layer, string name, bool isTransposed)
    {
        var sizes = VisibleSizes(tensor.Shape, configuration);
        var layout = TensorLayout.RowMajor(tensor.Shape.IsStacked ? sizes[1..] : sizes, tensor.Shape.LayerLength * layer);
        return new GptTensor(
            name, tensor.Shape.Role.ToString(), memoryOf(tensor), isTransposed ? layout.Transposed() : layout, labels: null);
    }

    private static TensorMemory.Native MemoryOf(GptModel model, Tensor tensor) =>
        new(tensor, () => model.BeginRead(), () => model.BeginUpdate());

    /// <summary>The sizes without the rows that pad the vocabulary.</summary>
    private static int[] VisibleSizes(TensorShape shape, GptConfiguration configuration) =>
        shape.Sizes[0] == configuration.PaddedVocabularySize && !shape.IsStacked && shape.Role is not TensorRole.PositionEmbedding
            ? [configuration.VocabularySize, .. shape.Sizes[1..]]
            : shape.Sizes;
}
