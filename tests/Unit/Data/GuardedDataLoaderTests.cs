using PsGpt.Data;
using PsGpt.Plugins;

namespace PsGpt.Unit.Data;

/// <summary>A batch source of another assembly must give what its interface promises.</summary>
public sealed class GuardedDataLoaderTests
{
    private const int B = 2;
    private const int T = 3;
    private const int V = 10;

    [Fact]
    public void A_batch_as_it_was_asked_for_passes()
    {
        var batch = Batch(B, T, 0, V - 1, TokenBatch.IgnoredTarget);
        var loader = Guard(new Source { Batch = batch });
        Assert.Same(batch, loader.Next());
        Assert.Equal((0.5, 6L), (loader.Epoch, loader.TokensPerEpoch));
    }

    [Theory]
    [InlineData(B + 1, T)]
    [InlineData(B - 1, T)]
    [InlineData(B, T + 1)]
    [InlineData(B, T - 1)]
    public void A_batch_of_another_shape_is_refused(int rows, int length) =>
        Refuse("instead of 2 x 3 tokens", new Source { Batch = Batch(rows, length) }, loader => loader.Next());

    [Theory]
    [InlineData(V, 0, "the id 10")]
    [InlineData(-1, 0, "the id -1")]
    [InlineData(0, V, "the id 10")]
    [InlineData(0, int.MinValue, "the id -2147483648")]
    public void An_id_outside_the_vocabulary_is_refused(int input, int target, string said) =>
        Refuse(said, new Source { Batch = Batch(B, T, input, input, target) }, loader => loader.Next());

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.1)]
    public void An_epoch_that_is_no_number_of_0_or_more_is_refused(double epoch) =>
        Refuse("has read the text", new Source { Epoch = epoch }, loader => _ = loader.Epoch);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_epoch_without_tokens_is_refused(long count) =>
        Refuse("tokens in one epoch", new Source { TokensPerEpoch = count }, loader => _ = loader.TokensPerEpoch);

    private static void Refuse(string said, Source source, Action<IDataLoader> use)
    {
        var error = Assert.Throws<GptException>(() => use(Guard(source)));
        Assert.Equal("PluginFailed", error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("'mine'", error.Message, StringComparison.Ordinal);
    }

    private static GuardedDataLoader Guard(Source source) => new(
        source, new PluginGuard("batch source", "mine"),
        new BatchSourceSetup(new TokenSequence([1, 2, 3]), B, T, 1) { VocabularySize = V });

    private static TokenBatch Batch(int rows, int length, int first = 0, int second = 0, int target = 0)
    {
        var (inputs, targets) = (new int[rows * length], new int[rows * length]);
        (inputs[0], inputs[1], targets[^1]) = (first, second, target);
        return new TokenBatch(inputs, targets, rows, length, tokenizerName: null);
    }

    private sealed class Source : IDataLoader
    {
        public TokenBatch? Batch { get; init; }

        public double Epoch { get; init; } = 0.5;

        public long TokensPerEpoch { get; init; } = 6;

        public BatchPosition Position => new();

        public void MoveTo(BatchPosition position, CancellationToken cancellationToken = default)
        {
        }

        public TokenBatch Next() => Batch!;
    }
}
