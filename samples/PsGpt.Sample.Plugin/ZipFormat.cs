using System.IO.Compression;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Sample.Plugin;

/// <summary>A model format: a Hugging Face directory in one zip file.</summary>
public sealed class ZipFormat : IModelFormat
{
    private const string Directory = "huggingface";

    /// <inheritdoc/>
    public string Name => "sample-zip";

    /// <inheritdoc/>
    public string Description => "A Hugging Face directory in one zip file.";

    /// <inheritdoc/>
    public bool Recognizes(string path)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        var start = new byte[4];
        file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start.AsSpan().SequenceEqual("PK\x3\x4"u8);
    }

    /// <inheritdoc/>
    public GptModel Read(string path, ModelReadOptions options, CancellationToken cancellationToken)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory();
        try
        {
            ZipFile.ExtractToDirectory(path, folder.FullName);
            return ModelFile.Read(folder.FullName, options with { Format = Directory }, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Write(
        GptModel model, string path, WeightDataType dataType, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory();
        try
        {
            var content = Path.Combine(folder.FullName, "model");
            ModelFile.Write(model, content, Directory, dataType, progress: progress, cancellationToken: cancellationToken);
            ZipFile.CreateFromDirectory(content, path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
