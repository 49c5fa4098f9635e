using PsGpt.Model;

namespace PsGpt.Evaluation;

/// <summary>How texts are scored.</summary>
public sealed record TextScorerOptions
{
    /// <summary>
    /// The number of tokens that a window of a long text reads again as context, 0 to below the context length. Null for half of the
    /// context length: each token then has at least half of the context before it, and a long text takes twice the time.
    /// </summary>
    public int? Overlap { get; init; }

    /// <summary>The number of windows, or of short lines, that are scored together, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <exception cref="GptException"><c>OverlapInvalid</c>, <c>BatchShapeInvalid</c>.</exception>
    internal int OverlapFor(GptModel model)
    {
        var T = model.Configuration.ContextLength;
        if (BatchSize < 1)
        {
            throw new GptException("BatchShapeInvalid", GptErrorKind.InvalidArgument,
                $"Lines cannot be scored {BatchSize} at a time. Give a batch size of at least 1.");
        }

        return Overlap is null or >= 0 && (Overlap ?? 0) < T ? Overlap ?? (T / 2) : throw new GptException(
            "OverlapInvalid", GptErrorKind.InvalidArgument,
            $"Windows of the context of the model '{model.Name}', which is {T}, cannot overlap by {Overlap} tokens. Give 0 to {T - 1}.");
    }
}
