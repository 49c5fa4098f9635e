using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Training;

namespace PsGpt.Unit.Training;

/// <summary>The norm of a step, most of which is summed while the gradients are made, against the gradients themselves.</summary>
public sealed class GradientNormTests
{
    [Theory]
    [InlineData(true, 1, false)]
    [InlineData(false, 1, false)]
    [InlineData(true, 3, false)]
    [InlineData(false, 3, false)]
    [InlineData(true, 2, true)]
    [InlineData(false, 2, true)]
    [InlineData(true, 1, false, 64)] // Two replicas: the sum of their gradients is squared afterwards.
    [InlineData(false, 2, true, 64)]
    public void It_is_that_of_all_gradients_that_lead_to_an_update(bool hasTiedHead, int batchCount, bool isFrozen, int sequenceCount = 2)
    {
        using var model = ModelInitializer.Create(SmallTraining.Configuration with { HasTiedHead = hasTiedHead }, null, seed: 1);
        var batches = Enumerable.Range(0, batchCount).Select(i => SmallTraining.Batch(7 * i, sequenceCount)).ToArray();
        var options = new TrainerOptions { FreezeLayers = isFrozen ? [1] : [], FreezeEmbedding = isFrozen };
        var expected = Norm(model, batches, isFrozen);
        using var trainer = new Trainer(model, options);
        Assert.Equal(expected, trainer.Step(batches).GradientNorm, 1e-5 * expected);
    }

    private static double Norm(GptModel model, TokenBatch[] batches, bool isFrozen)
    {
        using var pass = new GptPass(model, batches[0].BatchSize, batches[0].SequenceLength);
        for (var i = 0; i < batches.Length; i++)
            pass.ComputeGradients(batches[i], accumulate: i > 0);
        return Math.Sqrt(pass.Gradients.Tensors.Sum(gradient => SumOfSquares(gradient, isFrozen))) / batches.Length;
    }

    /// <summary>Without the embedding and the second of the two layers where they are frozen.</summary>
    private static double SumOfSquares(Tensor gradient, bool isFrozen)
    {
        var values = gradient.Span.ToArray();
        if (isFrozen && gradient.Name is "wte" or "wpe")
            return 0;
        var isStacked = gradient.Name is not ("wte" or "wpe" or "lnfw" or "lnfb" or "lmheadw" or "lmheadb");
        return (isFrozen && isStacked ? values[..(values.Length / 2)] : values).Sum(value => (double)value * value);
    }
}
