using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Unit.Model;

/// <summary>
/// The whole model against what PyTorch computes in double precision. Sums of up to a few hundred terms of about unit size in
/// float32 err by some 1e-6 of the largest value of a tensor; the bounds leave a factor of about 5.
/// </summary>
public sealed class ParityTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var folder in new[] { "gpt2-tiny", "nanogpt-nobias", "gptpy-tiny" })
            {
                foreach (var kernels in KernelNames.All)
                    cases.Add(folder, kernels);
            }

            return cases;
        }
    }

    [FixtureTheory]
    [MemberData(nameof(Cases))]
    public void Logits_and_loss_are_the_reference_s(string folder, string kernels)
    {
        using var reference = ReferenceModel.Load(folder);
        var batch = reference.Batch;
        using var pass = new GptPass(reference.Model, batch.BatchSize, batch.SequenceLength, forTraining: false, KernelNames.Get(kernels));
        var expected = reference.Expected.Floats("logits");
        var logits = new float[expected.Length];
        pass.ComputeLogits(reference.Batch.Inputs, logits);
        AssertClose("logits", expected, logits, 5e-6);
        Assert.Equal(reference.Expected.Doubles("loss")[0], pass.ComputeLoss(reference.Batch), 2e-6);
    }

    [FixtureTheory]
    [MemberData(nameof(Cases))]
    public void Every_gradient_is_the_reference_s(string folder, string kernels)
    {
        using var reference = ReferenceModel.Load(folder);
        var batch = reference.Batch;
        using var pass = new GptPass(reference.Model, batch.BatchSize, batch.SequenceLength, forTraining: true, KernelNames.Get(kernels));
        Assert.Equal(reference.Expected.Doubles("loss")[0], pass.ComputeGradients(reference.Batch), 2e-6);
        foreach (var (name, expected, actual) in reference.Compare("grad.", pass.Gradients))
            AssertClose(name, expected, actual, 1e-5);
    }

    [FixtureTheory]
    [MemberData(nameof(Cases))]
    public void Gradients_accumulate(string folder, string kernels)
    {
        using var reference = ReferenceModel.Load(folder);
        var batch = reference.Batch;
        using var pass = new GptPass(reference.Model, batch.BatchSize, batch.SequenceLength, forTraining: true, KernelNames.Get(kernels));
        pass.ComputeGradients(reference.Batch);
        pass.ComputeGradients(reference.Batch, accumulate: true);
        foreach (var (name, expected, actual) in reference.Compare("grad.", pass.Gradients))
            AssertClose(name, [.. expected.Select(value => 2 * value)], actual, 1e-5);
    }

    [FixtureTheory]
    [MemberData(nameof(Cases))]
    public void Ten_steps_of_AdamW_are_the_reference_s(string folder, string kernels)
    {
        using var reference = ReferenceModel.Load(folder);
        var metadata = reference.Expected.Metadata;
        var options = new TrainerOptions
        {
            LearningRate = float.Parse(metadata["lr"]), AdamW = new()
            {
                Beta1 = float.Parse(metadata["beta1"]), Beta2 = float.Parse(metadata["beta2"]), Epsilon = float.Parse(metadata["eps"]),
            },
            WeightDecay = float.Parse(metadata["weight_decay"]), DecayAll = true, ClipNorm = 0,
        };
        using var trainer = new Trainer(reference.Model, options, KernelNames.Get(kernels));
        var losses = Enumerable.Range(0, 10).Select(_ => (double)trainer.Step(reference.Batch).Loss).ToArray();
        foreach (var (expected, actual) in reference.Expected.Doubles("train_losses").Zip(losses))
            Assert.Equal(expected, actual, 2e-5);

        // AdamW divides by the root of tiny second moments, so a gradient that is nearly 0 may step either way: 2 % of a step.
        foreach (var (name, expected, actual) in reference.Compare("trained.", reference.Model.Weights))
            Assert.True(LargestDifference(expected, actual) < 0.2 * options.LearningRate, $"{name}: {LargestDifference(expected, actual)}");
    }

    private static void AssertClose(string name, float[] expected, float[] actual, double relativeToLargest)
    {
        var largest = expected.Max(MathF.Abs);
        var difference = LargestDifference(expected, actual);
        Assert.True(difference <= relativeToLargest * largest, $"{name}: {difference} of {largest}");
    }

    private static double LargestDifference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        // NaN must not pass for small.
        return expected.Zip(actual).Max(
            pair => double.IsNaN(pair.Second) ? double.PositiveInfinity : Math.Abs((double)pair.First - pair.Second));
    }
}
