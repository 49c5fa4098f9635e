namespace PsGpt.Training;

/// <summary>Keeps the lowest loss on held-out text, and ends a run in which it has not fallen for too long.</summary>
/// <param name="patience">The number of measurements in a row that may pass without a new lowest loss; 0 for any number.</param>
internal sealed class EarlyStop(int patience)
{
    public float? BestLoss { get; private set; }

    public int EvaluationsWithoutImprovement { get; private set; }

    public bool IsDue => patience > 0 && EvaluationsWithoutImprovement >= patience;

    public void Add(float loss)
    {
        if (BestLoss is null || loss < BestLoss)
            (BestLoss, EvaluationsWithoutImprovement) = (loss, 0);
        else
            EvaluationsWithoutImprovement++;
    }

    public void Restore(float? bestLoss, int withoutImprovement) =>
        (BestLoss, EvaluationsWithoutImprovement) = (bestLoss, withoutImprovement);
}
