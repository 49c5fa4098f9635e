using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>What a checkpoint holds beside weights and moments.</summary>
public sealed record CheckpointState
{
    /// <summary>The architecture of the model.</summary>
    public required GptConfiguration Configuration { get; init; }

    /// <summary>The model's tokenizer, or null where it has none.</summary>
    public string? TokenizerName { get; init; }

    /// <summary>What the run was begun with.</summary>
    public required TrainingRunOptions Options { get; init; }

    /// <summary>The text of the run.</summary>
    public required DatasetFingerprint Dataset { get; init; }

    /// <summary>How far the run is.</summary>
    public required TrainingProgress Progress { get; init; }

    /// <summary>Whether the loss on held-out text was the lowest of the run so far.</summary>
    public bool IsBest { get; init; }
}
