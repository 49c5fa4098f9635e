using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Unit.Training;

/// <summary>
/// llm.c's training loop. The losses are what its <c>train_gpt2.c</c> printed for this model and these tokens, both written to files
/// of its formats.
/// </summary>
public sealed class LlmcLoopTests
{
    private const int Vocabulary = 300;

    private static readonly double[] TrainLosses =
    [
        5.435238, 5.436952, 5.424684, 5.426827, 5.425456, 5.422684, 5.417009, 5.425645, 5.413045, 5.425628,
        5.419468, 5.409301, 5.419158, 5.413576, 5.427185, 5.417365, 5.418751, 5.394586, 5.411330, 5.396156,
        5.399813, 5.415401, 5.393379, 5.384635, 5.390774, 5.396936, 5.398904, 5.389543, 5.379253, 5.378894,
        5.370798, 5.385977, 5.375400, 5.375884, 5.371558, 5.365112, 5.365812, 5.376929, 5.359460, 5.360945,
    ];

    private static readonly double[] ValidationLosses = [5.424584, 5.408004, 5.391521, 5.376529, 5.362766];

    [Fact]
    public void Forty_steps_have_the_losses_of_train_gpt2()
    {
        var configuration = new GptConfiguration
        {
            VocabularySize = Vocabulary, ContextLength = 64, LayerCount = 2, HeadCount = 2, ChannelCount = 32,
        };
        using var model = ModelInitializer.Create(configuration, null, seed: 7);
        using var dataset = new TokenDataset(Tokens(0, 6000), Tokens(6000, 2000));
        using var run = new TrainingRun(model, dataset, new TrainingRunOptions
        {
            Order = BatchOrder.Shuffled,
            Seed = 42,
            ValidateFirst = true,
            Trainer = new TrainerOptions { LearningRate = 1e-4f, AdamW = new() { Beta2 = 0.999f }, WeightDecay = 0, ClipNorm = 0 },
        });
        var steps = run.Steps().ToArray();
        AssertPrintedAlike(TrainLosses, steps.Select(step => step.Loss));
        AssertPrintedAlike(
            ValidationLosses, [steps[0].InitialValidationLoss!.Value, .. steps.Select(step => step.ValidationLoss).OfType<float>()]);
    }

    /// <summary>
    /// A loss of 5 has steps of 5e-7 in float32, and sums are taken in another order: two units of the last printed digit.
    /// </summary>
    private static void AssertPrintedAlike(double[] expected, IEnumerable<float> actual)
    {
        Assert.Equal(expected.Length, actual.Count());
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
    }

    private static TokenSequence Tokens(int first, int count) =>
        new(Enumerable.Range(first, count).Select(i => (int)(RandomStream.Mix((ulong)(i / 3)) % Vocabulary)).ToArray());
}
