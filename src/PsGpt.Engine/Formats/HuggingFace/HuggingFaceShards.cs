using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PsGpt.Formats.HuggingFace;

/// <summary>The files of a directory that hold its weights: <c>model.safetensors</c>, or the shards that an index names.</summary>
internal static partial class HuggingFaceShards
{
    private const int MostShards = 1000;

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
        if (FindNumbered(files, others) is { } numbered)
            return numbered;
        return others.Length <= 1 ? [others is [var only] ? only : WeightsName] : throw new GptException(
            "WeightsAmbiguous", GptErrorKind.InvalidArgument,
            $"There is no '{files.Describe(WeightsName)}', but {string.Join(", ", others)}. Give the path of one of them.");
    }

    /// <summary>Requires a file that an index names.</summary>
    /// <exception cref="GptException"><c>ModelFileMissing</c>.</exception>
    public static void Require(IFileSource files, string name)
    {
        if (!files.Has(name))
        {
            throw new GptException("ModelFileMissing", GptErrorKind.NotFound,
                $"There is no '{files.Describe(name)}', which '{files.Describe(IndexName)}' names. "
                + "Get it from where the other files came from.");
        }
    }

    /// <summary>
    /// All shards of a model without an index, where their names say how many there are; null where these are not shards.
    /// </summary>
    /// <exception cref="GptException"><c>ModelFileMissing</c>.</exception>
    private static string[]? FindNumbered(IFileSource files, string[] names)
    {
        var matches = names.Select(name => NumberedName().Match(name)).Where(match => match.Success).ToArray();
        if (matches.Length == 0 || matches.Length < names.Length
            || matches.DistinctBy(match => (match.Groups["stem"].Value, match.Groups["count"].Value)).Skip(1).Any())
            return null;
        var count = int.Parse(matches[0].Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        if (count > MostShards)
            return null;
        var (stem, ending) = (matches[0].Groups["stem"].Value, matches[0].Groups["count"].Value);
        var all = Enumerable.Range(1, count).Select(number => $"{stem}-{number:D5}-of-{ending}.safetensors").ToArray();
        return all.FirstOrDefault(name => !names.Contains(name)) is { } missing
            ? throw new GptException("ModelFileMissing", GptErrorKind.NotFound,
                $"There is no '{files.Describe(missing)}', one of {count} parts of the model. Get it from where the others came from.")
            : all;
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

    [GeneratedRegex(@"^(?<stem>.+)-(?<number>\d{5})-of-(?<count>\d{5})\.safetensors$")]
    private static partial Regex NumberedName();
}
