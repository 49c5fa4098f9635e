namespace PsGpt.Generation;

/// <summary>A token in an order: the largest score comes first, and of equal ones the lower id.</summary>
/// <param name="Score">A logit, or what else the order is by.</param>
/// <param name="Id">The token.</param>
/// <param name="Weight">Its probability, up to a factor that is the same for all.</param>
internal readonly record struct Candidate(double Score, int Id, double Weight = 0) : IComparable<Candidate>
{
    public int CompareTo(Candidate other) =>
        Score != other.Score ? other.Score.CompareTo(Score) : Id.CompareTo(other.Id);
}
