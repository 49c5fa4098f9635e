using PsGpt.Data;
using PsGpt.Evaluation;
using PsGpt.Model;

namespace PsGpt.Unit.Evaluation;

public sealed class ChoiceScorerTests
{
    private const int V = 23;
    private const int T = 16;

    [Fact]
    public void Answers_are_the_lowest_sum_and_the_lowest_mean_of_the_losses_of_an_ending()
    {
        using var model = NewModel();
        using var scorer = new ChoiceScorer(model);
        var examples = Enumerable.Range(0, 20).Select(Example).ToArray();
        var summary = new ChoiceSummary("set");
        var (correct, normalized) = (0, 0);
        foreach (var (example, score) in examples.Zip(scorer.Score(examples)))
        {
            double[][] losses = [.. example.Endings.Select(ending =>
                ReferenceSurprisal.Of(model, [.. example.Context, .. ending])[(example.Context.Length - 1)..])];
            var (sums, means) = (losses.Select(loss => loss.Sum()).ToList(), losses.Select(loss => loss.Average()).ToList());
            Assert.All(sums.Zip(score.Sum), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.All(means.Zip(score.Loss), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.Equal((example.Index, example.Label), (score.Index, score.Label));
            Assert.Equal((sums.IndexOf(sums.Min()), means.IndexOf(means.Min())), (score.Prediction, score.NormalizedPrediction));
            correct += sums.IndexOf(sums.Min()) == example.Label ? 1 : 0;
            normalized += means.IndexOf(means.Min()) == example.Label ? 1 : 0;
            summary.Add(score);
        }

        Assert.Equal((20, correct / 20.0, normalized / 20.0), (summary.ExampleCount, summary.Accuracy, summary.NormalizedAccuracy));
        Assert.NotEqual(correct, normalized);
    }

    [Fact]
    public void The_beginning_of_a_long_context_is_left_out()
    {
        using var model = NewModel();
        using var scorer = new ChoiceScorer(model);
        var example = Example(3) with { Context = [.. Enumerable.Range(0, 40).Select(i => (i * 5) % V)] };
        var ending = example.Endings[0];
        var context = example.Context[^(T + 1 - ending.Length)..];
        var expected = ReferenceSurprisal.Of(model, [.. context, .. ending])[(context.Length - 1)..].Sum();
        Assert.Equal(expected, scorer.Score([example]).Single().Sum[0], 1e-4);
    }

    [Fact]
    public void An_ending_that_does_not_fit_the_context_of_the_model_is_an_error()
    {
        using var model = NewModel();
        using var scorer = new ChoiceScorer(model);
        var example = Example(0) with { Endings = [[1], [.. Enumerable.Repeat(2, T + 1)]] };
        Assert.Equal("SequenceTooLong", Assert.Throws<GptException>(() => scorer.Score([example]).ToArray()).ErrorId);
    }

    private static GptModel NewModel() => ModelInitializer.Create(
        new GptConfiguration { VocabularySize = V, ContextLength = T, LayerCount = 2, HeadCount = 2, ChannelCount = 16 },
        tokenizer: null, seed: 3);

    /// <summary>Endings of 1 to 6 tokens, so that sum and mean do not agree.</summary>
    private static ChoiceExample Example(int number)
    {
        var random = new Random(number);
        return new ChoiceExample
        {
            Index = number, Label = random.Next(4), Context = Ids(1 + random.Next(8)),
            Endings = [.. Enumerable.Range(0, 4).Select(_ => Ids(1 + random.Next(6)))],
        };

        int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(V))];
    }
}
