using System.Text.Json;

namespace PsGpt.Formats.HuggingFace;

/// <summary>The files of a directory that hold its weights: <c>model.safetensors</c>, or the shards that an index names.</summary>
internal static class HuggingFaceShards
{
    public const string WeightsName = "model.safetensors";
    public const string IndexName = "model.safetensors.index.json";

    /// <summary>The names of the files that belong to one of them: all shards where an index names it.</summary>
    /// <exception cref="GptException"><c>WeightIndexInvalid</c>.</exception>
    public static IReadOnlyList<string> FindAllOf(IFileSource files, string name) =>
        files.Has(IndexName) && ReadIndex(SideFile.Read(files, IndexName), files.Describe(IndexName)) is var all && all.Contains(name)
            ? all
            : [name];

    /// <summary>The names of the files, each once: the usual ones, or the only file of weights whatever its name.</summary>
    /// <exception cref="GptException"><c>WeightIndexInvalid</c>, <c>WeightsAmbiguous</c>.</exception>
    public static IReadOnlyList<string> Find(IFileSource files)
    {
        if (files.Has(WeightsName))
            return [WeightsName];
        if (files.Has(IndexName))
            return ReadIndex(SideFile.Read(files, IndexName), files.Describe(IndexName));
        var others = files.Names.Where(name => name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)).ToArray();
        return others.Length <= 1 ? [others is [var only] ? only : WeightsName] : throw new GptException(
            "WeightsAmbiguous", GptErrorKind.InvalidArgument,
            $"There is no '{files.Describe(WeightsName)}', but {string.Join(", ", others)}. Give the path of one of them.");
    }

    private static string[] ReadIndex(byte[] json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var names = document.RootElement.GetProperty("weight_map").EnumerateObject()
                .Select(tensor => tensor.Value.GetString() ?? "").Distinct().ToArray();
            return names.FirstOrDefault(name => !IsPlain(name)) is { } strange
                ? throw Invalid(path, $"it names the file '{strange}', which is not one beside it")
                : names;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Invalid(path, exception.Message, exception);
        }
    }

    /// <summary>A name must not lead out of the directory, on no system.</summary>
    private static bool IsPlain(string name) =>
        name is not ("" or "." or "..") && name.AsSpan().IndexOfAny("/\\:*?\"<>|") < 0 && !name.Any(char.IsControl);

    private static GptException Invalid(string path, string problem, Exception? inner = null) => new(
        "WeightIndexInvalid", GptErrorKind.InvalidData,
        $"'{path}' is not a whole index of weights: {problem.TrimEnd('.')}. Get it again from where it came from.", inner);
}
