namespace PsGpt;

/// <summary>Requires values that make sense. The first that does not becomes one error, whose message names it.</summary>
/// <param name="ErrorId">The id of the error.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Opening">The beginning of the message, such as "The model cannot be made".</param>
/// <param name="Advice">The end of the message, a sentence; empty where each problem has advice of its own.</param>
internal sealed record ValueCheck(string ErrorId, GptErrorKind Kind, string Opening, string Advice = "")
{
    /// <summary>Requires a condition.</summary>
    /// <param name="problem">A clause that says how the value is wrong, without a full stop.</param>
    /// <exception cref="GptException">The condition does not hold.</exception>
    public void Require(bool condition, FormattableString problem)
    {
        if (!condition)
            throw new GptException(ErrorId, Kind, $"{Opening}: {FormattableString.Invariant(problem)}. {Advice}".TrimEnd());
    }
}
