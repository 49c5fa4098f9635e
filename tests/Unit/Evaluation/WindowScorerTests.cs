using PsGpt.Evaluation;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Evaluation;

public sealed class WindowScorerTests
{
    /// <summary>A pass has about 1,024 tokens here, so four sizes of windows are four thousand.</summary>
    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Memory_is_kept_for_windows_of_like_sizes_up_to_four_passes(int sizeCount, bool isKept)
    {
        using var model = ModelInitializer.Create(
            new GptConfiguration { VocabularySize = 8, ContextLength = 1024, LayerCount = 1, HeadCount = 1, ChannelCount = 4 },
            tokenizer: null, seed: 1);
        using var scorer = new WindowScorer(model);
        var windows = Enumerable.Range(0, sizeCount)
            .SelectMany(i => Enumerable.Repeat(1024 >> i, 1 << i))
            .Select(length => new ScoringWindow(new int[length + 1], contextCount: 1)).ToArray();
        scorer.Score(windows, CancellationToken.None);
        var before = NativeBlock.AllocatedBytesForCurrentThread;
        scorer.Score(windows[..1], CancellationToken.None);
        Assert.Equal(isKept, NativeBlock.AllocatedBytesForCurrentThread == before);
    }
}
