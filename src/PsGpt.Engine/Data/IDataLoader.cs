namespace PsGpt.Data;

/// <summary>Makes batches without end from a text. Not safe to use from several threads.</summary>
public interface IDataLoader
{
    /// <summary>The number of times that the text has been read so far; 1.5 in the middle of the second time.</summary>
    double Epoch { get; }

    /// <summary>The number of tokens in one epoch.</summary>
    long TokensPerEpoch { get; }

    /// <summary>The place of the next batch: store it and move there again, and the same batches follow.</summary>
    BatchPosition Position { get; }

    /// <summary>Moves to a place. Shuffles again as often as the text was read before, since each order follows from the last.</summary>
    /// <exception cref="GptException"><c>BatchPositionInvalid</c>: the text has no such place.</exception>
    void MoveTo(BatchPosition position, CancellationToken cancellationToken = default);

    /// <summary>Makes the next batch.</summary>
    TokenBatch Next();

    /// <summary>Passes over the next batches, which another process takes.</summary>
    /// <param name="count">The number of batches, at least 0.</param>
    void Skip(int count)
    {
        for (var i = 0; i < count; i++)
            Next();
    }
}
