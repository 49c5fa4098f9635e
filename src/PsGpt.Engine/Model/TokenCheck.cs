using PsGpt.Data;

namespace PsGpt.Model;

/// <summary>The public border for token ids: behind it the kernels use them as addresses.</summary>
internal static class TokenCheck
{
    private const int PartLength = 1 << 16;

    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public static void RequireInVocabulary(ReadOnlySpan<int> tokens, int vocabularySize)
    {
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabularySize)
                throw Outside(token, vocabularySize);
        }
    }

    /// <summary>Checks all ids of a dataset, a part at a time, so that a wrong one shows before an hour of training.</summary>
    /// <param name="progress">Receives the share that is checked, 0 to 1.</param>
    /// <param name="cancellationToken">Stops the call, also while it waits for a disk or a network.</param>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public static void RequireInVocabulary(
        TokenDataset dataset, int vocabularySize, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var part = new int[PartLength];
        double done = 0;
        foreach (var tokens in new[] { dataset.Training, dataset.Validation })
        {
            for (long start = 0; start < tokens.Count; start += PartLength)
            {
                var (first, count) = (start, (int)Math.Min(PartLength, tokens.Count - start));
                BlockingCall.Run(() => Read(tokens, first, part.AsMemory(0, count)), cancellationToken);
                RequireInVocabulary(part.AsSpan(0, count), vocabularySize);
                done += count;
                progress?.Report(done / (dataset.TrainingCount + dataset.ValidationCount));
            }
        }
    }

    /// <summary>Returns how many targets take part in the loss.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>, <c>NoTargets</c>.</exception>
    public static int RequireTargets(ReadOnlySpan<int> targets, int vocabularySize)
    {
        var count = 0;
        foreach (var target in targets)
        {
            if (target == TokenBatch.IgnoredTarget)
                continue;
            if ((uint)target >= (uint)vocabularySize)
                throw Outside(target, vocabularySize);
            count++;
        }

        return count > 0 ? count : throw new GptException("NoTargets", GptErrorKind.InvalidArgument,
            "All targets of the batch are ignored, so it has no loss. Leave the batch out.");
    }

    private static int Read(ITokenSource tokens, long start, Memory<int> ids)
    {
        tokens.CopyTo(start, ids.Span);
        return ids.Length;
    }

    private static GptException Outside(int token, int vocabularySize) =>
        new("TokenOutsideVocabulary", GptErrorKind.InvalidData,
            $"The token id {token} is outside the vocabulary of {vocabularySize} tokens. Make the tokens with the model's own tokenizer.");
}
