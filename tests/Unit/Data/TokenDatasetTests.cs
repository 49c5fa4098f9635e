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

    // 100 ids, of which 90 to 99 would be held out: the cut may move by one.
    [Theory]
    [InlineData(90, new[] { 88 }, 89)]
    [InlineData(90, new[] { 87 }, 90)]
    [InlineData(90, new[] { 89 }, 90)]
    [InlineData(90, new[] { 90 }, 91)]
    [InlineData(90, new[] { 91 }, 90)]
    [InlineData(90, new[] { 88, 89, 90 }, 90)]
    [InlineData(50, new[] { 44, 53 }, 54)]
    [InlineData(50, new[] { 43, 55 }, 50)]
    public void The_cut_moves_to_the_end_of_a_document_that_is_near(int cut, int[] ends, int trainingCount)
    {
        var ids = new int[100];
        foreach (var end in ends)
            ids[end] = TokenizerCatalog.Gpt2.EndOfTextToken!.Value;
        using var dataset = TokenDataset.Split(new TokenSequence(ids, TokenizerCatalog.Gpt2), 1 - (cut / 100.0));
        Assert.Equal(trainingCount, dataset.TrainingCount);
        Assert.Equal(ids, All(dataset.Training).Concat(All(dataset.Validation)));
    }

    [Fact]
    public void The_cut_stays_where_too_little_would_be_held_out_or_the_tokenizer_is_not_known()
    {
        var ids = new int[100];
        ids[90] = TokenizerCatalog.Gpt2.EndOfTextToken!.Value;
        using var dataset = TokenDataset.Split(new TokenSequence(ids, TokenizerCatalog.Gpt2), 0.1, minimumValidationCount: 10);
        Assert.Equal(90, dataset.TrainingCount);
        using var unknown = TokenDataset.Split(new TokenSequence(ids), 0.1);
        Assert.Equal(90, unknown.TrainingCount);
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
