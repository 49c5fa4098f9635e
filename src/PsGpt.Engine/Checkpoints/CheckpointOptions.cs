namespace PsGpt.Checkpoints;

/// <summary>Which checkpoints a run writes, and which of them stay.</summary>
public sealed record CheckpointOptions
{
    /// <summary>How many steps lie between two checkpoints; 0 writes none but those of the best steps and the last one.</summary>
    public int CheckpointInterval { get; init; } = 100;

    /// <summary>How many stay beside the latest and the best, 0 or more.</summary>
    public int Keep { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="GptException"><c>CheckpointOptionsInvalid</c>.</exception>
    public void Validate()
    {
        if (CheckpointInterval < 0 || Keep < 0)
            throw new GptException("CheckpointOptionsInvalid", GptErrorKind.InvalidArgument, FormattableString.Invariant($"A checkpoint every {CheckpointInterval} steps of which {Keep} are kept is not possible. Give numbers of 0 or more."));
    }
}
