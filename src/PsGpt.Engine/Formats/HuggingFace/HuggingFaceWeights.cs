using PsGpt.Formats.Weights;
using PsGpt.Model;

namespace PsGpt.Formats.HuggingFace;

/// <summary>The tensors of a directory, from one file or from several, by GPT-2's names for them without what is in front.</summary>
internal sealed class HuggingFaceWeights : IDisposable
{
    public const string Prefix = "transformer.";

    // PyTorch puts it before the names of a compiled module, wherever that is.
    private const string CompiledPrefix = "_orig_mod.";

    // One of these stands directly behind the prefix of all names.
    private static readonly string[] Anchors =
    [
        HuggingFaceTensors.TokenEmbeddingName, "wpe.weight", "ln_f.weight",
        GptPyTensors.TokenEmbeddingName, GptPyTensors.PositionEmbeddingName,
    ];

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
            {
                if (names.Count > 1 || name != HuggingFaceShards.WeightsName)
                    HuggingFaceShards.Require(source, name);
                Open(source, name);
            }

            var prefix = FindPrefix(
                from file in files
                from entry in file.Entries
                select entry.Name.Replace(CompiledPrefix, "", StringComparison.Ordinal));
            foreach (var file in files)
            {
                foreach (var entry in file.Entries)
                    Add(entry, prefix, file.Path);
            }

            RequireNoAdapter();
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

    /// <summary>
    /// The names of tensors that a language model does not use, such as the head of another task; masks are none of them.
    /// </summary>
    public IEnumerable<string> UnusedNames =>
        entries.Keys.Where(name => !HuggingFaceTensors.IsWeight(name) && !HuggingFaceTensors.IsBuffer(name))
            .Select(name => entries[name].Name);

    /// <summary>The number of weights.</summary>
    public long ValueCount =>
        entries.Values.Sum(entry => entry.DataType is { } type ? (entry.End - entry.Begin) / WeightConversion.SizeOf(type) : 0);

    /// <summary>What error messages call the files.</summary>
    public string Path => path;

    /// <summary>
    /// Whether a head equals the token embedding, value for value as they are stored; true without a head. Two that differ are never
    /// taken for one.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file was cut short meanwhile.</exception>
    public bool HeadEqualsEmbedding
    {
        get
        {
            if (!entries.TryGetValue(HuggingFaceTensors.HeadName, out var head))
                return true;
            return entries.TryGetValue(HuggingFaceTensors.TokenEmbeddingName, out var embedding)
                && head.DataType == embedding.DataType && head.Shape.SequenceEqual(embedding.Shape)
                && ByteSource.HaveSameBytes(
                    FileOf(head).Source, head.Begin, FileOf(embedding).Source, embedding.Begin, head.End - head.Begin);
        }
    }

    /// <summary>The sizes of a tensor, outermost first.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>.</exception>
    public long[] ShapeOf(string name) => entries.TryGetValue(name, out var entry) ? entry.Shape : throw Missing(name);

    /// <summary>Names a tensor that is not there, before anything is allocated.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>.</exception>
    public void RequireAll(GptConfiguration configuration)
    {
        if (!GptPyTensors.Are(Names)
            && HuggingFaceTensors.NamesOf(configuration).FirstOrDefault(name => !entries.ContainsKey(name)) is { } missing)
            throw Missing(missing);
    }

    /// <summary>Fills a model.</summary>
    /// <exception cref="GptException"><c>TensorMissing</c>, <c>TensorShapeMismatch</c>, <c>TensorUnexpected</c>.</exception>
    public void CopyTo(GptModel model, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var names = GptPyTensors.Are(Names) ? GptPyTensors.Of(model) : HuggingFaceTensors.Of(model, AreLinear(model));
        var mappings = names.ToDictionary(mapping => mapping.Name, StringComparer.Ordinal);
        foreach (var mapping in mappings.Values)
            RequireFit(mapping);
        if (entries.Keys.FirstOrDefault(name => !mappings.ContainsKey(name) && IsNeeded(name)) is { } leftOver)
        {
            throw new GptException("TensorUnexpected", GptErrorKind.InvalidData,
                $"'{path}' has the tensor '{entries[leftOver].Name}', for which the model that config.json describes has no place. "
                + "The two files do not belong together.");
        }

        var mappingOf = mappings.Values.ToDictionary(mapping => entries[mapping.Name]);
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
        entries.TryGetValue("h.0.attn.c_attn.weight", out var entry) && entry.Shape is [var rows, var columns]
        && rows == 3L * model.Configuration.ChannelCount && columns == model.Configuration.ChannelCount;

    /// <summary>A head that equals the token embedding needs no place.</summary>
    private static bool IsNeeded(string name) => HuggingFaceTensors.IsWeight(name) && name != HuggingFaceTensors.HeadName;

    public void Dispose() => files.ForEach(file => file.Dispose());

    /// <summary>
    /// What stands before all names: <c>transformer.</c>, <c>module.</c>, <c>base_model.model.transformer.</c>, whatever wrapped the model
    /// when it was saved.
    /// </summary>
    private static string FindPrefix(IEnumerable<string> names) =>
        (from name in names
         from anchor in Anchors
         where name.EndsWith(anchor, StringComparison.Ordinal) && (name.Length == anchor.Length || name[^(anchor.Length + 1)] == '.')
         select name[..^anchor.Length]).MinBy(prefix => prefix.Length) ?? "";

    /// <summary>A head stands beside the model that has the prefix, so that it has only the beginning of it.</summary>
    private static string WithoutPrefix(string name, string prefix)
    {
        name = name.Replace(CompiledPrefix, "", StringComparison.Ordinal);
        for (var end = prefix.Length; end > 0; end = end > 1 ? prefix.LastIndexOf('.', end - 2) + 1 : 0)
        {
            if (name.StartsWith(prefix[..end], StringComparison.Ordinal))
                return name[end..];
        }

        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }

    /// <summary>Names of peft's low-rank adapters: without them a model would compute other numbers, and they alone are none.</summary>
    private void RequireNoAdapter()
    {
        if (entries.Values.FirstOrDefault(entry => entry.Name.Contains(".lora_", StringComparison.Ordinal)) is { } adapter)
        {
            throw new GptException("ArchitectureUnknown", GptErrorKind.NotSupported,
                $"'{path}' has the tensor '{adapter.Name}'.{ForeignContent.Adapter}");
        }
    }

    /// <summary>
    /// Of tensors that share their memory PyTorch's <c>save_model</c> keeps one, which for nanoGPT's tied matrix is the head: there it is
    /// the token embedding.
    /// </summary>
    private void NameTiedMatrix()
    {
        if (!GptPyTensors.Are(Names) && !entries.ContainsKey(HuggingFaceTensors.TokenEmbeddingName)
            && entries.Remove(HuggingFaceTensors.HeadName, out var head))
            entries.Add(HuggingFaceTensors.TokenEmbeddingName, head);
    }

    private void Open(IFileSource source, string name)
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
    }

    private void Add(SafetensorsEntry entry, string prefix, string filePath)
    {
        var name = WithoutPrefix(entry.Name, prefix);
        if (!entries.TryAdd(name, entry))
        {
            throw new GptException("TensorDuplicate", GptErrorKind.InvalidData,
                $"'{filePath}' has the tensor '{entry.Name}', which stands there or in another file already. "
                + "Get the files again from where they came from.");
        }

        if (entry.DataType is null && HuggingFaceTensors.IsWeight(name))
        {
            throw new GptException("TensorDataTypeUnsupported", GptErrorKind.NotSupported,
                $"In '{filePath}' the tensor '{entry.Name}' is stored as {entry.TypeName}. "
                + "Weights of the types F32, F16, BF16 and F64 can be read: save the model as one of them.");
        }
    }

    private SafetensorsFile FileOf(SafetensorsEntry entry) => files.First(file => file.Entries.Contains(entry));

    private GptException Missing(string name) => new(
        "TensorMissing", GptErrorKind.InvalidData, $"'{path}' lacks the tensor '{name}'. Get it again from where it came from.");

    private void RequireFit(TensorMapping mapping)
    {
        if (!entries.TryGetValue(mapping.Name, out var entry))
            throw Missing(mapping.Name);

        if (!entry.Shape.SequenceEqual(mapping.Shape))
        {
            throw new GptException("TensorShapeMismatch", GptErrorKind.InvalidData,
                $"In '{path}' the tensor '{entry.Name}' is ({string.Join(", ", entry.Shape)}), "
                + $"but config.json makes it ({string.Join(", ", mapping.Shape)}). The two files do not belong together.");
        }
    }
}
