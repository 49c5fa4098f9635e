using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Checkpoints;

/// <summary>The part of a checkpoint that is neither weights nor moments.</summary>
public sealed record CheckpointState
{
    /// <summary>The architecture of the model.</summary>
    public required GptConfiguration Configuration { get; init; }

    /// <summary>The model's tokenizer, or null where it has none.</summary>
    public string? TokenizerName { get; init; }

    /// <summary>The options that the run began with.</summary>
    public required TrainingRunOptions Options { get; init; }

    /// <summary>Whether a rule of the caller's own decided the learning rates, which cannot be stored.</summary>
    public bool HasRule { get; init; }

    /// <summary>The text of the run.</summary>
    public required DatasetFingerprint Dataset { get; init; }

    /// <summary>The number of processes that trained together.</summary>
    public int RankCount { get; init; } = 1;

    /// <summary>The checkpoints that the run writes.</summary>
    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>The progress of the run.</summary>
    public required TrainingProgress Progress { get; init; }

    /// <summary>Whether the loss on held-out text was the lowest of the run so far.</summary>
    public bool IsBest { get; init; }

    /// <summary>The options to resume with: those of the run's beginning, except for some.</summary>
    /// <param name="given">The options that the named ones are taken from.</param>
    /// <param name="names">Names of options, as <see cref="OptionNames"/> knows them.</param>
    public TrainingRunOptions OptionsWith(TrainingRunOptions given, IReadOnlySet<string> names) =>
        OptionNames.Merge(Options, given, names);

    /// <summary>The checkpoints to write after resuming: those of the run's beginning, except for some numbers.</summary>
    /// <param name="given">The options that the named ones are taken from.</param>
    /// <param name="names">Names of properties of <see cref="CheckpointOptions"/>.</param>
    public CheckpointOptions CheckpointsWith(CheckpointOptions given, IReadOnlySet<string> names) =>
        OptionNames.Merge(Checkpoints, given, names);
}
