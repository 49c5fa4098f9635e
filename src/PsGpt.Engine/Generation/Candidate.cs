namespace PsGpt.Generation;

/// <summary>A token that may be chosen. Sorted, the likeliest comes first, and of equals the lower id.</summary>
/// <param name="Logit">What the model said.</param>
/// <param name="Id">The token.</param>
/// <param name="Weight">Its probability, up to a factor that is the same for all; 1 for the likeliest.</param>
internal readonly record struct Candidate(float Logit, int Id, double Weight = 0) : IComparable<Candidate>
{
    public int CompareTo(Candidate other) =>
        Logit != other.Logit ? other.Logit.CompareTo(Logit) : Id.CompareTo(other.Id);
}
