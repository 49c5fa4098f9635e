using System.IO.Compression;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.StoryModel;

/// <summary>Writes the built-in model: a Hugging Face directory with weights in bfloat16, packed into one file.</summary>
internal static class StoryModelFile
{
    // Entries carry no time, so that the same weights give the same bytes.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(GptModel model, string path, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("story-model-");
        try
        {
            var modelPath = Path.Combine(folder.FullName, "model");
            ModelFile.Write(model, modelPath, "huggingface", WeightDataType.BFloat16, cancellationToken: cancellationToken);
            using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
            foreach (var file in Directory.EnumerateFiles(modelPath).Order(StringComparer.Ordinal))
            {
                var entry = archive.CreateEntry(Path.GetFileName(file), CompressionLevel.SmallestSize);
                entry.LastWriteTime = NoTime;
                using var content = entry.Open();
                content.Write(File.ReadAllBytes(file));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
