using PsGpt.Data;

namespace PsGpt.Unit.Data;

public sealed class HeldOutSplitTests
{
    // nanoGPT: n = int(0.9 * len(data)); its shakespeare_char has 1,003,854 of 1,115,394 characters for training.
    [Theory]
    [InlineData(1_115_394, 0.1, 1_003_854)]
    [InlineData(10, 0.1, 9)]
    [InlineData(19, 0.1, 17)]
    [InlineData(1, 0.1, 0)]
    [InlineData(0, 0.1, 0)]
    [InlineData(10, 0.0, 10)]
    [InlineData(10, 0.5, 5)]
    public void The_first_part_is_trained_on_and_the_rest_is_held_out(int count, double fraction, int trainingCount)
    {
        var ids = Enumerable.Range(0, count).ToArray();
        var split = HeldOutSplit.Of(ids, fraction);
        Assert.Equal(trainingCount, split.Training.Length);
        Assert.Equal(ids, split.Training.ToArray().Concat(split.Validation.ToArray()));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Impossible_shares_are_refused(double fraction)
    {
        var error = Assert.Throws<GptException>(() => HeldOutSplit.Of(new int[10], fraction));
        Assert.Equal(("ValidationFractionInvalid", GptErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }
}
