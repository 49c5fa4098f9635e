using System.IO.Compression;
using PsGpt.Formats.HuggingFace;
using PsGpt.Model;

namespace PsGpt.Formats;

/// <summary>The small model that comes with the engine: it tells stories of a forest, in a vocabulary of its own.</summary>
public static class BuiltInModel
{
    private const string Name = "story";

    /// <summary>Makes a fresh copy of the model, to train or to change; it is yours to dispose.</summary>
    public static GptModel Load(CancellationToken cancellationToken = default)
    {
        using var resource = typeof(BuiltInModel).Assembly.GetManifestResourceStream("story-model.zip")!;
        using var archive = new ZipArchive(resource);
        return HuggingFaceFormat.Read(new ArchiveSource(archive, Name), Name, progress: null, cancellationToken);
    }
}
