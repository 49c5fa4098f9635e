namespace PsGpt.Training;

/// <summary>The names that options had before, in checkpoints and recipes that were written then.</summary>
internal static class FormerOptionNames
{
    private static readonly Dictionary<string, string> Current = new(StringComparer.OrdinalIgnoreCase)
    {
        ["StepCount"] = nameof(TrainingRunOptions.Steps),
        ["EpochCount"] = nameof(TrainingRunOptions.Epochs),
        ["MaximumMinutes"] = nameof(TrainingRunOptions.MaxMinutes),
        ["AccumulationCount"] = nameof(TrainingRunOptions.Accumulation),
        ["RepeatsFirstBatch"] = nameof(TrainingRunOptions.OverfitOneBatch),
        ["WarmUpStepCount"] = nameof(TrainingRunOptions.WarmupSteps),
        ["MinimumLearningRate"] = nameof(TrainingRunOptions.MinLearningRate),
        ["DecayShare"] = nameof(TrainingRunOptions.DecayFraction),
        ["ValidationBatchCount"] = nameof(TrainingRunOptions.ValidationBatches),
        ["MeasuresFirst"] = nameof(TrainingRunOptions.ValidateFirst),
        ["EmbeddingLearningRate"] = nameof(MuonOptions.AdamWLearningRate),
        ["DecaysAll"] = nameof(TrainerOptions.DecayAll),
        ["MaximumGradientNorm"] = nameof(TrainerOptions.ClipNorm),
        ["OutlierThreshold"] = nameof(TrainerOptions.SkipOutliers),
        ["DropoutRate"] = nameof(TrainerOptions.Dropout),
        ["FrozenLayers"] = nameof(TrainerOptions.FreezeLayers),
        ["FreezesEmbedding"] = nameof(TrainerOptions.FreezeEmbedding),
    };

    /// <summary>The name that an option has today.</summary>
    public static string Replace(string name) => Current.GetValueOrDefault(name, name);
}
