using PsGpt.Formats.Weights;

namespace PsGpt.Formats.HuggingFace;

/// <summary>An open safetensors file.</summary>
/// <param name="path">What error messages call it.</param>
/// <param name="source">Its bytes; owned by this object.</param>
/// <exception cref="GptException"><c>SafetensorsInvalid</c>, <c>ModelFileTruncated</c>, <c>ModelFileOversized</c>.</exception>
internal sealed class SafetensorsFile(string path, ByteSource source) : IDisposable
{
    /// <summary>What error messages call the file.</summary>
    public string Path { get; } = path;

    /// <summary>Its bytes.</summary>
    public ByteSource Source => source;

    /// <summary>Its tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; } = SafetensorsHeader.Read(source, path);

    /// <summary>One of its tensors, for a place in the engine.</summary>
    public StoredTensor For(SafetensorsEntry entry, TensorMapping mapping) => new(mapping, source, entry.Begin, entry.DataType!.Value);

    public void Dispose() => source.Dispose();
}
