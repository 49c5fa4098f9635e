namespace PsGpt.Data;

/// <summary>Gives batches without end. Not safe to use from several threads.</summary>
public interface IBatchSource
{
    /// <summary>How often the text has been gone through so far; 1.5 in the middle of the second time.</summary>
    double Epoch { get; }

    /// <summary>The number of tokens that one time through the text gives.</summary>
    long TokensPerEpoch { get; }

    /// <summary>Where the next batch comes from: storing it and setting it again goes on with the same batches.</summary>
    /// <exception cref="GptException"><c>BatchPositionInvalid</c>: the text has no such place.</exception>
    BatchPosition Position { get; set; }

    /// <summary>Makes the next batch.</summary>
    TokenBatch Next();
}
