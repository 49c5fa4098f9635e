using PsGpt.Training;
using PsGpt.Unit.Model;

namespace PsGpt.Unit.Training;

/// <summary>
/// Ten steps of Muon and of SGD with momentum on one batch of gpt2-tiny. The expected losses and weights were computed from the published
/// formulas in float64.
/// </summary>
public sealed class OptimizerReferenceTests
{
    // What each was computed with stands in the file's metadata.
    private static readonly Dictionary<string, TrainerOptions> Options = new()
    {
        ["muon"] = new()
        {
            Optimizer = "muon", LearningRate = 0.02f, Muon = new() { Momentum = 0.95f, AdamWLearningRate = 0.003f },
            AdamW = new() { Beta1 = 0.9f, Beta2 = 0.95f, Epsilon = 1e-8f }, WeightDecay = 0.1f, ClipNorm = 0, Dropout = 0,
        },
        ["sgd"] = new()
        {
            Optimizer = "sgd", LearningRate = 0.1f, Sgd = new() { Momentum = 0.9f }, WeightDecay = 0.01f, ClipNorm = 0, Dropout = 0,
        },
    };

    [FixtureTheory]
    [InlineData("muon", 2e-4)]
    [InlineData("sgd", 2e-6)]
    public void Ten_steps_end_where_the_formulas_end_in_float64(string optimizer, double tolerance)
    {
        using var reference = ReferenceModel.Load("gpt2-tiny");
        var expected = new SafetensorsReference(Fixtures.PathTo("fixtures/gpt2-tiny/optimizers.safetensors"));
        using var trainer = new Trainer(reference.Model, Options[optimizer]);
        Assert.All(
            expected.Doubles($"{optimizer}.train_losses"), loss => Assert.Equal(loss, trainer.Step(reference.Batch).Loss, 10 * tolerance));
        var tensors = reference.Compare(expected, $"{optimizer}.trained.", reference.Model.Weights).ToArray();
        Assert.Equal(40, tensors.Length);
        Assert.All(
            tensors,
            tensor =>
                Assert.InRange(tensor.Expected.Zip(tensor.Actual, (left, right) => Math.Abs((double)left - right)).Max(), 0, tolerance));
    }
}
