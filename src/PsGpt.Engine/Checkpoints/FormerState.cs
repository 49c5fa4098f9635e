using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>Lets checkpoints of version 1 be read: their options had other names, and those of all optimizers stood side by side.</summary>
internal static class FormerState
{
    /// <summary>The state of a run as it is named today.</summary>
    /// <exception cref="JsonException">The text is no such state.</exception>
    public static JsonNode Replace(ReadOnlySpan<byte> json)
    {
        var state = JsonNode.Parse(json) ?? throw new JsonException("It is null.");
        Replace(state);
        if (state["Options"]?["Trainer"] is JsonObject trainer && trainer.ContainsKey("Beta1"))
            Group(trainer);
        return state;
    }

    private static void Replace(JsonNode? node)
    {
        if (node is not JsonObject values)
            return;
        foreach (var (name, value) in values.ToArray())
        {
            Replace(value);
            var current = name == "Interval" ? nameof(CheckpointOptions.CheckpointInterval) : FormerOptionNames.Replace(name);
            if (current != name && values.Remove(name))
                values[current] = value;
        }
    }

    /// <summary>Puts the options of each optimizer into a group of its own.</summary>
    private static void Group(JsonObject trainer)
    {
        JsonObject Take(params string[] names) =>
            new(names.Where(name => trainer[name] is not null).Select(name => KeyValuePair.Create(name, trainer[name]?.DeepClone())));

        // No momentum meant that of the optimizer, which is the default now.
        trainer["AdamW"] = Take("Beta1", "Beta2", "Epsilon");
        trainer["Muon"] = Take("Momentum", "AdamWLearningRate");
        trainer["Sgd"] = Take("Momentum");
    }
}
