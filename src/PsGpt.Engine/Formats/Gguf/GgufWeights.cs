using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Formats.Gguf;

/// <summary>The tensors of a GGUF file by their names.</summary>
/// <param name="file">The file; owned by the caller.</param>
/// <param name="path">What error messages call it.</param>
/// <param name="tensors">What its header says of them; no name stands twice.</param>
internal sealed class GgufWeights(ByteSource file, string path, IEnumerable<GgufTensor> tensors)
{
    // What other architectures compute with, and masks of attention: GPT-2's numbers do not change without them.
    private static readonly string[] HarmlessEndings = ["rope_freqs.weight", ".attn_rot_embd", ".attn.bias", ".attn.masked_bias"];

    private readonly Dictionary<string, GgufTensor> byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

    /// <summary>The number of weights that can be read.</summary>
    public long ValueCount => byName.Values.Sum(tensor => tensor.DataType is null ? 0 : tensor.ValueCount);

    /// <summary>The number of layers that there are tensors of.</summary>
    public int LayerCount =>
        byName.Keys.Where(name => name.StartsWith("blk.", StringComparison.Ordinal)).Select(name => name.Split('.')[1]).Distinct().Count();

    /// <summary>The sizes of a tensor, outermost first.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>.</exception>
    public IReadOnlyList<long> ShapeOf(string name) => Get(name).Shape;

    /// <summary>The rows of the token embedding.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>.</exception>
    public long VocabularySize => Get(GgufTensors.TokenEmbeddingName).Shape is [var rows, _] ? rows : 1;

    /// <summary>
    /// Whether the head is the token embedding: none is there, or one that is the same byte for byte, as older converters write it.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file was cut short meanwhile.</exception>
    public bool HasTiedHead =>
        !byName.TryGetValue(GgufTensors.HeadName, out var head)
        || (byName.TryGetValue(GgufTensors.TokenEmbeddingName, out var embedding)
            && embedding.TypeNumber == head.TypeNumber && embedding.Shape.SequenceEqual(head.Shape)
            && ByteSource.HaveSameBytes(file, (long)embedding.Begin, file, (long)head.Begin, (long)(head.End - head.Begin)));

    /// <summary>Refuses weights that are stored in a way that cannot be read.</summary>
    /// <exception cref="GptException"><c>TensorDataTypeUnsupported</c>.</exception>
    public void RequireReadable()
    {
        if (byName.Values.FirstOrDefault(tensor => tensor.DataType is null && !IsHarmless(tensor.Name)) is { } foreign)
        {
            throw new GptException("TensorDataTypeUnsupported", GptErrorKind.NotSupported,
                $"In '{path}' the tensor '{foreign.Name}' is stored as {GgufTensorType.Describe(foreign.TypeNumber)}. "
                + "Weights of the types F32, F16, BF16, Q8_0 and F64 can be read: get the model as one of them.");
        }
    }

    /// <summary>Names a tensor that is not there, before anything is allocated.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>.</exception>
    public void RequireAll(int layerCount)
    {
        foreach (var name in GgufTensors.NamesOf(layerCount))
            Get(name);
    }

    /// <summary>Fills a model; its weights have to be readable.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>, <c>TensorShapeMismatch</c>, <c>TensorUnexpected</c>.</exception>
    public void CopyTo(GptModel model, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var mappings = GgufTensors.Of(model).ToDictionary(mapping => mapping.Name, StringComparer.Ordinal);
        foreach (var mapping in mappings.Values)
            RequireFit(mapping, Get(mapping.Name));
        if (byName.Keys.FirstOrDefault(name =>
            !mappings.ContainsKey(name) && name != GgufTensors.HeadName && !IsHarmless(name)) is { } leftOver)
        {
            throw new GptException("TensorUnexpected", GptErrorKind.NotSupported,
                $"'{path}' has the tensor '{leftOver}', for which GPT-2 has no place. Without it the model would compute something else.");
        }

        // In the order of the file, as a disk likes best.
        StoredTensor.ReadAll(
            from tensor in byName.Values
            where mappings.ContainsKey(tensor.Name)
            orderby tensor.Begin
            select new StoredTensor(mappings[tensor.Name], file, (long)tensor.Begin, tensor.DataType!.Value),
            progress,
            cancellationToken);
    }

    private static bool IsHarmless(string name) => HarmlessEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    private GgufTensor Get(string name) => byName.TryGetValue(name, out var tensor) ? tensor : throw new GptException(
        "TensorMissing", GptErrorKind.InvalidData, $"'{path}' lacks the tensor '{name}'. Get it again from where it came from.");

    private void RequireFit(TensorMapping mapping, GgufTensor tensor)
    {
        // Sizes of 1 that are outermost are left out by some programs.
        if (!tensor.Shape.SkipWhile(size => size == 1).SequenceEqual(mapping.Shape.SkipWhile(size => size == 1)))
        {
            throw new GptException("TensorShapeMismatch", GptErrorKind.InvalidData,
                $"In '{path}' the tensor '{tensor.Name}' is ({string.Join(", ", tensor.Shape)}), "
                + $"but its keys make it ({string.Join(", ", mapping.Shape)}). Get the file again from where it came from.");
        }
    }
}
