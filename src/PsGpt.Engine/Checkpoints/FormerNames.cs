using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsGpt.Checkpoints;

/// <summary>Lets checkpoints of version 1 be read: their options had other names.</summary>
internal static class FormerNames
{
    private static readonly Dictionary<string, string> Current = new()
    {
        ["StepCount"] = "Steps",
        ["EpochCount"] = "Epochs",
        ["MaximumMinutes"] = "MaxMinutes",
        ["AccumulationCount"] = "Accumulation",
        ["RepeatsFirstBatch"] = "OverfitOneBatch",
        ["WarmUpStepCount"] = "WarmupSteps",
        ["MinimumLearningRate"] = "MinLearningRate",
        ["DecayShare"] = "DecayFraction",
        ["ValidationBatchCount"] = "ValidationBatches",
        ["MeasuresFirst"] = "ValidateFirst",
        ["EmbeddingLearningRate"] = "AdamWLearningRate",
        ["DecaysAll"] = "DecayAll",
        ["MaximumGradientNorm"] = "ClipNorm",
        ["OutlierThreshold"] = "SkipOutliers",
        ["DropoutRate"] = "Dropout",
        ["FrozenLayers"] = "FreezeLayers",
        ["FreezesEmbedding"] = "FreezeEmbedding",
        ["Interval"] = "CheckpointInterval",
    };

    /// <summary>The state of a run as it is named today.</summary>
    /// <exception cref="JsonException">The text is no such state.</exception>
    public static JsonNode Replace(ReadOnlySpan<byte> json)
    {
        var state = JsonNode.Parse(json) ?? throw new JsonException("It is null.");
        Replace(state);
        return state;
    }

    private static void Replace(JsonNode? node)
    {
        if (node is not JsonObject values)
            return;
        foreach (var (name, value) in values.ToArray())
        {
            Replace(value);
            if (Current.TryGetValue(name, out var current) && values.Remove(name))
                values[current] = value;
        }
    }
}
