using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Training;

/// <summary>Checksums of everything that must be the same in all processes that train together, before their first step.</summary>
internal static class RunFingerprint
{
    private const int PartLength = 1 << 20;

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Requires the same module, options, text and weights of every rank.</summary>
    /// <exception cref="GptException"><c>RanksDiffer</c>: names the rank, and its property that differs.</exception>
    public static void RequireSame(ICommunicator communicator, GptModel model, TokenDataset dataset, TrainingRunOptions options)
    {
        var version = typeof(RunFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        RequireSameVersion(communicator, version ?? "");
        communicator.RequireSame(
        [
            .. OptionsIn(JsonSerializer.SerializeToElement(options, Json)),
            ("architecture of the model", Of(JsonSerializer.Serialize(model.Configuration, Json))),
            ("tokenizer", Of(model.Tokenizer?.Name ?? "")),
            ("text", Of(DatasetFingerprint.Of(dataset).ToString())),
            ("step of the model", (uint)model.TrainingState.Step),
            ("model, by its weights,", OfWeights(model)),
        ]);
    }

    /// <summary>Requires one version of the module. It is compared before all else: another version may have other options.</summary>
    /// <exception cref="GptException"><c>RanksDiffer</c>.</exception>
    internal static void RequireSameVersion(ICommunicator communicator, string version) =>
        communicator.RequireSame([("version of PsGpt", Of(version))]);

    private static IEnumerable<(string Name, uint Checksum)> OptionsIn(JsonElement record) =>
        from property in record.EnumerateObject()
        from option in property.Value.ValueKind == JsonValueKind.Object
            ? OptionsIn(property.Value)
            : [($"value of {property.Name}", Of(property.Value.GetRawText()))]
        select option;

    private static uint Of(string text)
    {
        using var checksum = new ChecksumStream(Stream.Null);
        checksum.Write(Encoding.UTF8.GetBytes(text));
        return checksum.Checksum;
    }

    private static uint OfWeights(GptModel model)
    {
        using var section = model.BeginRead();
        using var checksum = new ChecksumStream(Stream.Null);
        foreach (var tensor in model.Weights.Tensors)
        {
            for (nint start = 0; start < tensor.Length; start += PartLength)
                checksum.Write(MemoryMarshal.AsBytes(tensor.Range(start, (int)Math.Min(PartLength, tensor.Length - start))));
        }

        return checksum.Checksum;
    }
}
