using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Model;

namespace PsGpt.Unit.Training;

public sealed class TrainingStagesTests
{
    [Theory]
    [InlineData(0f, 2)]
    [InlineData(0.2f, 2)]
    [InlineData(0.2f, 70)] // 560 tokens go through two replicas.
    public void Stages_have_the_bits_of_a_step(float dropout, int sequenceCount)
    {
        using GptModel whole = SmallTraining.NewModel(), apart = SmallTraining.NewModel();
        var options = new TrainerOptions { LearningRate = 1e-2f, Dropout = dropout, Seed = 7, ClipNorm = 0.5f };
        using Trainer wholeTrainer = new(whole, options), apartTrainer = new(apart, options);
        for (var i = 0; i < 3; i++)
        {
            var batch = SmallTraining.Batch(i, sequenceCount);
            var expected = wholeTrainer.Step(batch);
            using var forward = ForwardResult.Compute(apart, batch, seed: 7, dropout);
            using var backward = forward.Backward();
            Assert.Equal(expected.GradientNorm, backward.GradientNorm);
            var actual = apartTrainer.Update(backward);
            Assert.Equal(
                (expected.Step, expected.Loss, expected.GradientNorm), (actual.Step, actual.Loss, actual.GradientNorm));
            Assert.Equal((expected.Loss, expected.Loss), (backward.Loss, forward.Loss));
            Assert.Equal(SmallTraining.Weights(whole), SmallTraining.Weights(apart));
        }
    }

    [FixtureTheory]
    [InlineData("gpt2-tiny")]
    [InlineData("nanogpt-nobias")]
    public void Every_gradient_is_the_reference_s_by_its_name_there(string folder)
    {
        using var reference = ReferenceModel.Load(folder);
        using var forward = ForwardResult.Compute(reference.Model, reference.Batch);
        Assert.Equal(reference.Expected.Doubles("loss")[0], forward.Loss, 2e-6);
        using var backward = forward.Backward();
        var gradients = backward.PerLayer().ToDictionary(tensor => tensor.Name);
        var names = reference.Expected.Names.Where(name => name.StartsWith("grad.transformer.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(names.Length, gradients.Count);
        foreach (var name in names)
        {
            var expected = reference.Expected.Floats(name);
            var largest = expected.Max(MathF.Abs);
            Assert.All(expected.Zip(gradients[name["grad.transformer.".Length..]].ToArray()), pair =>
                Assert.Equal(pair.First, pair.Second, 1e-5 * largest));
        }
    }

    [Fact]
    public void Gradients_agree_with_central_differences()
    {
        using var model = SmallTraining.NewModel();
        var batch = SmallTraining.Batch();
        using var forward = ForwardResult.Compute(model, batch);
        using var backward = forward.Backward();
        foreach (var gradient in backward.Stacked().ToArray())
        {
            var values = gradient.ToArray();
            var place = values.Index().MaxBy(item => MathF.Abs(item.Item)).Index;
            Assert.Equal(Slope(gradient.Name, place), values[place], (1e-3 * Math.Abs(values[place])) + 2e-4);
        }

        double Slope(string name, int place)
        {
            const float Distance = 3e-3f;
            ref var weight = ref model.Weights[name].Span[place];
            var start = weight;
            (weight, var above) = (start + Distance, 0f);
            using (var result = ForwardResult.Compute(model, batch))
                above = result.Loss;
            weight = start - Distance;
            using var below = ForwardResult.Compute(model, batch);
            weight = start;
            return (above - below.Loss) / (2.0 * Distance);
        }
    }

    [Fact]
    public void A_changed_gradient_counts_for_norm_and_update()
    {
        using var model = SmallTraining.NewModel();
        var before = SmallTraining.Weights(model);
        using var trainer = new Trainer(model, new TrainerOptions { Optimizer = "sgd", WeightDecay = 0, LearningRate = 1, ClipNorm = 0 });
        using var forward = ForwardResult.Compute(model, SmallTraining.Batch());
        using var backward = forward.Backward();
        foreach (var gradient in backward.Stacked())
            gradient.Fill(0);
        backward.Stacked().Single(gradient => gradient.Name == "lnfb")[3] = -0.5;
        Assert.Equal(0.5f, backward.GradientNorm);
        Assert.Equal(0.5f, trainer.Update(backward).GradientNorm);

        var changed = before.Zip(SmallTraining.Weights(model)).Where(pair => pair.First != pair.Second).ToArray();
        Assert.Equal([(0f, 0.5f)], changed);
    }

    [Fact]
    public void Accumulated_gradients_make_the_step_of_their_batches()
    {
        using GptModel whole = SmallTraining.NewModel(), apart = SmallTraining.NewModel();
        var options = new TrainerOptions { Optimizer = "sgd", LearningRate = 0.1f, Dropout = 0.1f };
        using Trainer wholeTrainer = new(whole, options), apartTrainer = new(apart, options);
        TokenBatch[] batches = [SmallTraining.Batch(0), SmallTraining.Batch(5), SmallTraining.Batch(9)];
        var expected = wholeTrainer.Step(batches);
        foreach (var (index, batch) in batches.Index())
        {
            using var forward = ForwardResult.Compute(apart, batch, dropout: 0.1f, index: index);
            apartTrainer.Accumulate(forward.Backward());
        }

        Assert.Equal(3, apartTrainer.AccumulatedCount);
        var actual = apartTrainer.Update();
        Assert.Equal(0, apartTrainer.AccumulatedCount);
        Assert.Equal(expected.Loss, actual.Loss, 1e-6);
        Assert.Equal(expected.GradientNorm, actual.GradientNorm, 1e-5 * expected.GradientNorm);
        Assert.All(SmallTraining.Weights(whole).Zip(SmallTraining.Weights(apart)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void A_stage_goes_once()
    {
        using var model = SmallTraining.NewModel();
        using var trainer = new Trainer(model, new TrainerOptions());
        using var forward = ForwardResult.Compute(model, SmallTraining.Batch());
        Assert.Equal("StageOutOfOrder", ErrorOf(() => trainer.Update()));
        using var backward = forward.Backward();
        Assert.False(forward.IsPending);
        Assert.Equal("StageRepeated", ErrorOf(() => forward.Backward()));
        var gradient = backward.Stacked().First();
        trainer.Update(backward);
        Assert.False(backward.IsPending);
        Assert.Null(backward.GradientNorm);
        Assert.Equal("StageRepeated", ErrorOf(() => trainer.Update(backward)));
        Assert.Equal("StageRepeated", ErrorOf(() => backward.Stacked()));
        Assert.Equal("StageRepeated", ErrorOf(() => gradient.ToArray()));
        Assert.Equal(1, model.TrainingState.Step);
    }

    [Fact]
    public void Stages_of_another_time_or_model_are_refused()
    {
        using GptModel model = SmallTraining.NewModel(), other = SmallTraining.NewModel();
        using Trainer trainer = new(model, new TrainerOptions()), otherTrainer = new(other, new TrainerOptions());
        var batch = SmallTraining.Batch();
        using ForwardResult early = ForwardResult.Compute(model, batch), first = ForwardResult.Compute(model, batch);
        using var second = ForwardResult.Compute(model, batch);
        using BackwardResult late = second.Backward(), inTime = first.Backward();
        Assert.Equal("StageOutOfOrder", ErrorOf(() => otherTrainer.Update(late)));
        trainer.Update(inTime);
        var weights = SmallTraining.Weights(model);
        Assert.Equal("StageOutOfOrder", ErrorOf(() => trainer.Update(late)));
        Assert.Equal("StageOutOfOrder", ErrorOf(() => early.Backward()));
        Assert.Equal(weights, SmallTraining.Weights(model));
    }

    [Fact]
    public void A_cancelled_stage_can_be_repeated_and_a_freed_model_ends_it()
    {
        var model = SmallTraining.NewModel();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var first = ForwardResult.Compute(model, SmallTraining.Batch());
        using var second = ForwardResult.Compute(model, SmallTraining.Batch());
        Assert.Throws<OperationCanceledException>(() => first.Backward(cancelled.Token));
        using var backward = first.Backward();
        Assert.True(backward.GradientNorm > 0);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => second.Backward());
        Assert.Throws<ObjectDisposedException>(() => ForwardResult.Compute(model, SmallTraining.Batch()));
    }

    private static string ErrorOf(Func<object?> act) => Assert.Throws<GptException>(act).ErrorId;
}
