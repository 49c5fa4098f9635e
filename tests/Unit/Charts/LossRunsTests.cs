using PsGpt.Charts;

namespace PsGpt.Unit.Charts;

public sealed class LossRunsTests
{
    [Fact]
    public void A_step_whose_number_does_not_rise_begins_another_run()
    {
        var runs = Of((null, 1), (null, 2), (null, 2), (null, 3), (null, 1));
        Assert.Equal(["run 1", "run 2", "run 3"], runs.ToList().Select(run => run.Name));
        Assert.Equal([2, 2, 1], runs.ToList().Select(run => run.Curve.Training.Count));
    }

    [Fact]
    public void Steps_with_names_are_sorted_by_them_in_any_order()
    {
        var runs = Of(("a", 1), ("b", 1), ("a", 2), ("b", 2)).ToList();
        Assert.Equal(["a", "b"], runs.Select(run => run.Name));
        Assert.All(runs, run => Assert.Equal([1, 2], run.Curve.Training.Select(point => point.Step)));
    }

    [Fact]
    public void A_step_that_is_no_number_stays_in_its_run()
    {
        var run = Assert.Single(Of((null, 1), (null, double.NaN), (null, 2)).ToList());
        Assert.Equal((2, 1), (run.Curve.Training.Count, run.Curve.OmittedCount));
    }

    [Fact]
    public void Names_must_fit_the_runs()
    {
        var runs = Of((null, 1), (null, 1));
        Assert.Equal(["x", "y"], runs.ToList(["x", "y"]).Select(run => run.Name));
        Assert.Equal("RunNamesInvalid", Assert.Throws<GptException>(() => runs.ToList(["x"])).ErrorId);
        Assert.Equal("RunNamesInvalid", Assert.Throws<GptException>(() => runs.ToList(["x", "x"])).ErrorId);
    }

    private static LossRuns Of(params (string? Name, double Step)[] steps)
    {
        var runs = new LossRuns();
        foreach (var (name, step) in steps)
            runs.Add(name, step, 1);
        return runs;
    }
}
