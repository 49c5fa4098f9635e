using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Formats.HuggingFace;

/// <summary>The tensors of a directory, from one file or from several, by GPT-2's names for them without what is in front.</summary>
internal sealed class HuggingFaceWeights : IDisposable
{
    public const string Prefix = "transformer.";

    /// <summary>What PyTorch puts before the names of a compiled model.</summary>
    private const string CompiledPrefix = "_orig_mod.";

    private readonly List<SafetensorsFile> files = [];
    private readonly Dictionary<string, SafetensorsEntry> entries = new(StringComparer.Ordinal);
    private readonly string path;

    /// <summary>Opens the files and reads their headers.</summary>
    /// <exception cref="GptException">
    /// <c>ModelFileMissing</c>, <c>WeightIndexInvalid</c>, <c>SafetensorsInvalid</c>, <c>ModelFileTruncated</c>,
    /// <c>ModelFileOversized</c>, <c>TensorDuplicate</c>, <c>TensorDataTypeUnsupported</c>.
    /// </exception>
    /// <param name="source">The directory.</param>
    /// <param name="fileName">The file, or one of the shards; null finds it.</param>
    public HuggingFaceWeights(IFileSource source, string? fileName = null)
    {
        try
        {
            var names = fileName is null ? HuggingFaceShards.Find(source) : HuggingFaceShards.FindAllOf(source, fileName);
            path = source.Describe(names.Count == 1 ? names[0] : "*.safetensors");
            foreach (var name in names)
                Add(source, name);
            NameTiedMatrix();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => entries.Keys;

    /// <summary>The number of weights.</summary>
    public long ValueCount => entries.Values.Sum(entry => entry.DataType is { } type ? (entry.End - entry.Begin) / WeightConversion.SizeOf(type) : 0);

    /// <summary>The sizes of a tensor, outermost first.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>.</exception>
    public long[] ShapeOf(string name) => entries.TryGetValue(name, out var entry) ? entry.Shape : throw Missing(name);

    /// <summary>Fills a model.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>, <c>TensorShapeMismatch</c>, <c>TensorUnexpected</c>.</exception>
    public void CopyTo(GptModel model, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var names = GptPyTensors.Are(Names) ? GptPyTensors.Of(model) : HuggingFaceTensors.Of(model, AreLinear(model));
        var mappings = names.ToDictionary(mapping => mapping.Name, StringComparer.Ordinal);
        foreach (var mapping in mappings.Values)
            RequireFit(mapping);
        if (entries.Keys.FirstOrDefault(name => !mappings.ContainsKey(name) && HuggingFaceTensors.IsWeight(name) && name != HuggingFaceTensors.HeadName) is { } leftOver)
        {
            throw new GptException("TensorUnexpected", GptErrorKind.InvalidData,
                $"'{path}' has the tensor '{entries[leftOver].Name}', for which the model that config.json describes has no place. The two files do not belong together.");
        }

        var mappingOf = mappings.ToDictionary(mapping => entries[mapping.Key], mapping => mapping.Value);
        StoredTensor.ReadAll(
            from file in files
            from entry in file.Entries
            where mappingOf.ContainsKey(entry)
            select file.For(entry, mappingOf[entry]),
            progress,
            cancellationToken);
    }

    /// <summary>Whether matrices are stored (out, in), as PyTorch's linear layers and so nanoGPT's own state have them.</summary>
    private bool AreLinear(GptModel model) =>
        entries.TryGetValue("h.0.attn.c_attn.weight", out var entry) && entry.Shape is [var rows, var columns] && rows == 3L * model.Configuration.ChannelCount && columns == model.Configuration.ChannelCount;

    public void Dispose() => files.ForEach(file => file.Dispose());

    private static string WithoutPrefix(string name) => Without(Prefix, Without(CompiledPrefix, name));

    private static string Without(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    /// <summary>
    /// Of tensors that share their memory PyTorch's <c>save_model</c> keeps one, which for nanoGPT's tied matrix is the head: there it is
    /// the token embedding.
    /// </summary>
    private void NameTiedMatrix()
    {
        if (!GptPyTensors.Are(Names) && !entries.ContainsKey(HuggingFaceTensors.TokenEmbeddingName) && entries.Remove(HuggingFaceTensors.HeadName, out var head))
            entries.Add(HuggingFaceTensors.TokenEmbeddingName, head);
    }

    private void Add(IFileSource source, string name)
    {
        var bytes = SideFile.Open(source, name);
        try
        {
            files.Add(new SafetensorsFile(source.Describe(name), bytes));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }

        foreach (var entry in files[^1].Entries)
            Add(entry, files[^1].Path);
    }

    private void Add(SafetensorsEntry entry, string filePath)
    {
        var name = WithoutPrefix(entry.Name);
        if (!entries.TryAdd(name, entry))
        {
            throw new GptException("TensorDuplicate", GptErrorKind.InvalidData,
                $"'{filePath}' has the tensor '{entry.Name}', which stands there or in another file already. Get the files again from where they came from.");
        }

        if (entry.DataType is null && HuggingFaceTensors.IsWeight(name))
        {
            throw new GptException("TensorDataTypeUnsupported", GptErrorKind.NotSupported,
                $"In '{filePath}' the tensor '{entry.Name}' is stored as {entry.TypeName}. Weights of the types F32, F16, BF16 and F64 can be read: save the model as one of them.");
        }
    }

    private GptException Missing(string name) => new("TensorMissing", GptErrorKind.InvalidData, $"'{path}' lacks the tensor '{name}'. Get it again from where it came from.");

    private void RequireFit(TensorMapping mapping)
    {
        if (!entries.TryGetValue(mapping.Name, out var entry))
            throw Missing(mapping.Name);

        if (!entry.Shape.SequenceEqual(mapping.Shape))
        {
            throw new GptException("TensorShapeMismatch", GptErrorKind.InvalidData,
                $"In '{path}' the tensor '{entry.Name}' is ({string.Join(", ", entry.Shape)}), but config.json makes it ({string.Join(", ", mapping.Shape)}). The two files do not belong together.");
        }
    }
}
