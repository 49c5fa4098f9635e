using System.Buffers.Binary;

namespace PsGpt.Formats;

/// <summary>Names the content of a file that is no model, for the error message.</summary>
internal static class ForeignContent
{
    private const string AdapterName = "adapter_config.json";

    /// <summary>The sentence for low-rank adapters, with a space in front.</summary>
    public const string Adapter = " It holds an adapter (LoRA) and not the model: merge the two with peft's merge_and_unload, "
        + "and save that with save_pretrained.";

    // Other kinds of file that programs save weights in.
    private static readonly (string[] Endings, string Kind)[] OtherWeights =
    [
        ([".bin", ".pt", ".pth", ".ckpt", ".pkl"], "is probably a pickle, which can run code and is not read: in Python, "
            + "model.save_pretrained(folder, safe_serialization=True) saves safetensors"),
        ([".h5", ".msgpack", ".onnx", ".ot", ".tflite"], "holds weights of another program: save the model from PyTorch as safetensors"),
        ([".gguf"], "is a model itself: give its path"),
    ];

    /// <summary>A sentence with a space in front, or nothing where it cannot be told.</summary>
    public static string Describe(string path) => Directory.Exists(path) ? DescribeDirectory(path) : Describe(FileStart.Read(path, 64));

    /// <summary>The same for the first bytes of a file.</summary>
    public static string Describe(ReadOnlySpan<byte> content)
    {
        Span<byte> start = stackalloc byte[64];
        start.Clear();
        content[..Math.Min(content.Length, start.Length)].CopyTo(start);
        return BinaryPrimitives.ReadInt32LittleEndian(start) switch
        {
            0x04034B50 => " It is a zip archive or a PyTorch checkpoint; those are pickles, which can run code: save it as safetensors.",
            20240327 => " It is a debug state of llm.c: give the model beside it.",
            20240520 or 20240801 => " It holds tokens of llm.c, not a model.",
            20240328 => " It is a tokenizer of llm.c, not a model.",
            20240522 => " It holds the examples of an evaluation of llm.c (HellaSwag), not a model.",
            0x67676D6C or 0x67676D66 or 0x67676A74 =>
                " It is a model of ggml from before GGUF: convert it again with a current llama.cpp.",
            0x67676C61 => " It is an adapter (LoRA) of ggml, not a model.",
            20240527 => " It is an optimizer's state of llm.c: give the model beside it.",
            _ when start[0] == 0x80 && start[1] is >= 2 and <= 5 => " It is a pickle, which can run code: save it as safetensors.",
            _ when start.StartsWith("version https://git-lfs"u8) =>
                " It is a pointer of Git LFS and not the file itself: fetch that with git lfs pull.",
            _ when start is [0x89, (byte)'H', (byte)'D', (byte)'F', ..] =>
                " It is a file of HDF5, as TensorFlow saves models: save it from PyTorch as safetensors.",
            _ when start.TrimStart("\r\n\t \uFEFF"u8) is [(byte)'<', ..] =>
                " It is a web page and not a file of weights: the download was refused or led elsewhere.",
            _ when start.TrimStart("\r\n\t \uFEFF"u8) is [(byte)'{' or (byte)'[', ..] => " It is JSON: give the directory that it is in.",
            _ => "",
        };
    }

    /// <summary>A sentence about the files of a directory that hold weights in another way, or an adapter; nothing without one.</summary>
    public static string DescribeOthers(IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.Contains(AdapterName))
            return Adapter;
        foreach (var (endings, kind) in OtherWeights)
        {
            if (all.FirstOrDefault(name => endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) is { } found)
                return $" '{found}' {kind}.";
        }

        return "";
    }

    /// <summary>A run's directory holds models one level below, and looks like one at first.</summary>
    private static string DescribeDirectory(string path)
    {
        var model = Directory.EnumerateDirectories(path)
            .Where(directory => File.Exists(Path.Combine(directory, "config.json"))).Order(StringComparer.Ordinal).LastOrDefault();
        return model is null
            ? $" It is a directory without config.json.{DescribeOthers(new DirectorySource(path).Names)}"
            : $" It holds models: give one of them, such as '{Path.Combine(path, Path.GetFileName(model))}'.";
    }
}
