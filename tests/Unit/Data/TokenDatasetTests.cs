using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Data;

public sealed class TokenDatasetTests
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
        using var dataset = TokenDataset.Split(new TokenSequence(ids), fraction);
        Assert.Equal(trainingCount, dataset.Training.Count);
        Assert.Equal(ids, All(dataset.Training).Concat(All(dataset.Validation)));
    }

    [Theory]
    [InlineData(0, 90)]
    [InlineData(10, 90)]
    [InlineData(11, 100)]
    public void Too_little_to_measure_on_is_trained_on(int minimum, int trainingCount)
    {
        using var dataset = TokenDataset.Split(new TokenSequence(new int[100]), 0.1, minimum);
        Assert.Equal((trainingCount, 100 - trainingCount), (dataset.Training.Count, dataset.Validation.Count));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Impossible_shares_are_refused(double fraction)
    {
        var error = Assert.Throws<GptException>(() => TokenDataset.Split(new TokenSequence(new int[10]), fraction));
        Assert.Equal(("ValidationFractionInvalid", GptErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    [Fact]
    public void Files_are_closed_with_the_dataset()
    {
        var file = new OpenFile();
        TokenDataset.Split(new ConcatenatedTokens([new TokenSequence(new int[4]), file])).Dispose();
        Assert.True(file.IsClosed);
    }

    private static int[] All(ITokenSource source)
    {
        var ids = new int[source.Count];
        source.CopyTo(0, ids);
        return ids;
    }

    private sealed class OpenFile : ITokenSource, IDisposable
    {
        public bool IsClosed { get; private set; }

        public long Count => 0;

        public string? TokenizerName => null;

        public Tokenizer? GetTokenizer() => null;

        public void CopyTo(long start, Span<int> destination) => throw new NotSupportedException();

        public void Dispose() => IsClosed = true;
    }
}
