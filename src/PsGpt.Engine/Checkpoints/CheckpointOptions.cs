namespace PsGpt.Checkpoints;

/// <summary>The checkpoints that a run writes, and those that it keeps.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The number of steps between two checkpoints; 0 writes only those of the best steps and the last one.</summary>
    public int CheckpointInterval { get; init; } = 100;

    /// <summary>The number of checkpoints kept beside the latest and the best, 0 or more.</summary>
    public int Keep { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="GptException"><c>CheckpointOptionsInvalid</c>.</exception>
    public void Validate()
    {
        if (CheckpointInterval < 0 || Keep < 0)
        {
            throw new GptException("CheckpointOptionsInvalid", GptErrorKind.InvalidArgument, FormattableString.Invariant(
                $"An interval of {CheckpointInterval} steps and {Keep} kept checkpoints are not possible. Give numbers of 0 or more."));
        }
    }
}
