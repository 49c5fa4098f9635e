using System.Buffers.Binary;

namespace PsGpt.Formats;

/// <summary>Names the content of a file that is no model, for the error message.</summary>
internal static class ForeignContent
{
    /// <summary>A sentence with a space in front, or nothing where it cannot be told.</summary>
    public static string Describe(string path)
    {
        if (Directory.Exists(path))
            return DescribeDirectory(path);
        Span<byte> start = stackalloc byte[9];
        start.Clear();
        using (var file = File.OpenRead(path))
            file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return BinaryPrimitives.ReadInt32LittleEndian(start) switch
        {
            0x04034B50 => " It is a zip archive or a PyTorch checkpoint; those are pickles, which can run code: save it as safetensors.",
            20240327 => " It is a debug state of llm.c: give the model beside it.",
            20240520 or 20240801 => " It holds tokens of llm.c, not a model.",
            20240328 => " It is a tokenizer of llm.c, not a model.",
            20240522 => " It holds the examples of an evaluation of llm.c (HellaSwag), not a model.",
            20240527 => " It is an optimizer's state of llm.c: give the model beside it.",
            _ when start[0] == 0x80 && start[1] is >= 2 and <= 5 => " It is a pickle, which can run code: save it as safetensors.",
            _ => "",
        };
    }

    /// <summary>A run's directory holds models one level below, and looks like one at first.</summary>
    private static string DescribeDirectory(string path)
    {
        var model = Directory.EnumerateDirectories(path)
            .Where(directory => File.Exists(Path.Combine(directory, "config.json"))).Order(StringComparer.Ordinal).LastOrDefault();
        return model is null
            ? " It is a directory without config.json."
            : $" It holds models: give one of them, such as '{Path.Combine(path, Path.GetFileName(model))}'.";
    }
}
