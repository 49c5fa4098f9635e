namespace PsGpt.Data;

/// <summary>
/// The ids of a text in two parts: the first is trained on, the last is held out to measure the loss on text that the model
/// has not seen, as nanoGPT and gpt.py do. Both are views of the given ids.
/// </summary>
/// <param name="Training">The first part.</param>
/// <param name="Validation">The rest; empty for a fraction of 0.</param>
public readonly record struct HeldOutSplit(ReadOnlyMemory<int> Training, ReadOnlyMemory<int> Validation)
{
    /// <summary>Splits ids.</summary>
    /// <param name="ids">All ids.</param>
    /// <param name="validationFraction">The share that is held out, 0 to below 1.</param>
    /// <exception cref="GptException"><c>ValidationFractionInvalid</c>.</exception>
    public static HeldOutSplit Of(ReadOnlyMemory<int> ids, double validationFraction = 0.1)
    {
        if (validationFraction is not (>= 0 and < 1))
        {
            throw new GptException("ValidationFractionInvalid", GptErrorKind.InvalidArgument,
                FormattableString.Invariant($"A share of {validationFraction} of the text cannot be held out. Give a number from 0 to below 1, such as 0.1."));
        }

        var trainingCount = (int)(ids.Length * (1 - validationFraction));
        return new HeldOutSplit(ids[..trainingCount], ids[trainingCount..]);
    }
}
