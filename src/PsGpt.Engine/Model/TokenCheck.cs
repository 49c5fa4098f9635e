using PsGpt.Data;

namespace PsGpt.Model;

/// <summary>The public border for token ids: behind it the kernels use them as addresses.</summary>
internal static class TokenCheck
{
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    public static void RequireInVocabulary(ReadOnlySpan<int> tokens, int vocabularySize)
    {
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabularySize)
                throw Outside(token, vocabularySize);
        }
    }

    /// <summary>Checks all ids of a source, a part at a time, so that a wrong one shows before an hour of training.</summary>
    /// <exception cref="GptException"><c>TokenOutsideVocabulary</c>.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public static void RequireInVocabulary(ITokenSource tokens, int vocabularySize, CancellationToken cancellationToken)
    {
        var part = new int[Math.Min(tokens.Count, 1 << 16)];
        for (long start = 0; start < tokens.Count; start += part.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = part.AsSpan(0, (int)Math.Min(part.Length, tokens.Count - start));
            tokens.CopyTo(start, ids);
            RequireInVocabulary(ids, vocabularySize);
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

    private static GptException Outside(int token, int vocabularySize) =>
        new("TokenOutsideVocabulary", GptErrorKind.InvalidData,
            $"The token id {token} is outside the vocabulary of {vocabularySize} tokens. Make the tokens with the model's own tokenizer.");
}
