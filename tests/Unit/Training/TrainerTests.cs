using PsGpt.Data;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Unit.Training;

public sealed class TrainerTests
{
    private static readonly GptConfiguration Configuration = new()
    {
        VocabularySize = 17, ContextLength = 8, LayerCount = 1, HeadCount = 2, ChannelCount = 16,
    };

    private static readonly int[] Text = [.. Enumerable.Range(0, 400).Select(i => i % 17)];

    private static TokenDataset Dataset(int[] text) =>
        TokenDataset.Split(new TokenSequence(text), minimumValidationCount: 9);

    private static TokenBatch Batch() => new(Text[..16], Text[1..17], 2, 8, tokenizerName: null);

    [Fact]
    public void A_text_that_repeats_is_learnt()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        var options = new TrainingRunOptions { Steps = 100, SequenceLength = 8, Trainer = new() { LearningRate = 1e-2f } };
        using var run = new TrainingRun(model, Dataset(Text), options);
        var steps = run.Steps().ToArray();
        Assert.Equal(Enumerable.Range(1, 100), steps.Select(step => step.Step));
        Assert.Equal(Math.Log(17), steps[0].Loss, 0.2);
        Assert.True(steps[^1].Loss < 0.5, $"{steps[^1].Loss}");
        Assert.Equal(10, steps.Count(step => step.ValidationLoss is not null));
        Assert.True(steps[^1].ValidationLoss < 0.5, $"{steps[^1].ValidationLoss}");
    }

    /// <summary>PaLM, appendix B: six operations for each parameter and token, as a share of what the processor can do.</summary>
    [Fact]
    public void The_share_of_the_peak_follows_from_the_tokens_of_a_second()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var run = new TrainingRun(model, Dataset(Text), new TrainingRunOptions { Steps = 1, SequenceLength = 8 });
        var step = run.Steps().Single();
        var operations = 6.0 * model.Configuration.ParameterCount * step.TokensPerSecond;
        Assert.Equal(operations / 1e9 / PeakFlops.GigaOperationsPerSecond, step.PeakShare, 1e-9);
    }

    [Fact]
    public void A_run_is_lazy()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var run = new TrainingRun(model, Dataset(Text), new TrainingRunOptions { Steps = 100, SequenceLength = 8 });
        Assert.Equal(5, run.Steps().Take(5).Last().Step);
        Assert.Equal(5, model.TrainingState.Step);
    }

    [Fact]
    public void Another_trainer_goes_on_where_the_first_stopped()
    {
        using var whole = ModelInitializer.Create(Configuration, null, seed: 1);
        using var parts = ModelInitializer.Create(Configuration, null, seed: 1);
        using (var trainer = new Trainer(whole, new TrainerOptions()))
        {
            trainer.Step(Batch());
            trainer.Step(Batch());
        }

        for (var i = 0; i < 2; i++)
        {
            using var trainer = new Trainer(parts, new TrainerOptions());
            Assert.Equal(i + 1, trainer.Step(Batch()).Step);
        }

        Assert.Equal(whole.Weights["qkvw"].Span.ToArray(), parts.Weights["qkvw"].Span.ToArray());
    }

    [Fact]
    public void A_cancelled_or_diverged_step_leaves_the_model_as_it_was()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var trainer = new Trainer(model, new TrainerOptions());
        var before = model.Weights["wte"].Span.ToArray();
        Assert.Throws<OperationCanceledException>(() => trainer.Step(Batch(), new CancellationToken(canceled: true)));
        Assert.Equal(before, model.Weights["wte"].Span.ToArray());

        model.Weights["lnfw"].Span[3] = float.NaN;
        Assert.Equal("TrainingDiverged", Assert.Throws<GptException>(() => trainer.Step(Batch())).ErrorId);
        Assert.Equal(before, model.Weights["wte"].Span.ToArray());
        Assert.Equal(0, model.TrainingState.Step);
    }

    [Fact]
    public void Gradients_are_clipped_to_the_norm()
    {
        // Of two optimizers without memory (betas 0) and with a huge epsilon, AdamW is gradient descent with rate / epsilon.
        float[] Change(float maximumNorm, out float norm)
        {
            using var model = ModelInitializer.Create(Configuration, null, seed: 1);
            using var trainer = new Trainer(model, new TrainerOptions
            {
                LearningRate = 1e4f, AdamW = new() { Epsilon = 1e4f, Beta1 = 0, Beta2 = 0 }, WeightDecay = 0, ClipNorm = maximumNorm,
            });
            var before = model.Weights["wte"].Span.ToArray();
            norm = trainer.Step(Batch()).GradientNorm;
            return [.. model.Weights["wte"].Span.ToArray().Zip(before).Select(pair => pair.First - pair.Second)];
        }

        var free = Change(0, out var norm);
        var clipped = Change(norm / 4, out _);
        Assert.All(free.Zip(clipped), pair => Assert.Equal(pair.First / 4, pair.Second, 1e-6));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)] // Two replicas.
    public void A_second_step_allocates_nothing(int sequenceCount)
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        using var trainer = new Trainer(model, new TrainerOptions());
        var batch = SmallTraining.Batch(sequenceCount: sequenceCount);
        trainer.Step(batch);
        trainer.Step(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Step(batch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Nonsense_is_refused_before_the_first_step()
    {
        using var model = ModelInitializer.Create(Configuration, null, seed: 1);
        string ErrorOf(TrainingRunOptions options, int[]? text = null) =>
            Assert.Throws<GptException>(() => new TrainingRun(model, Dataset(text ?? Text), options)).ErrorId;
        var fits = new TrainingRunOptions { SequenceLength = 8 };
        Assert.Equal("TrainingRunOptionsInvalid", ErrorOf(fits with { Steps = 0 }));
        Assert.Equal("TrainerOptionsInvalid", ErrorOf(fits with { Trainer = new() { LearningRate = 0 } }));
        Assert.Equal("TrainerOptionsInvalid", ErrorOf(fits with { Trainer = new() { LearningRate = float.NaN } }));
        foreach (var rate in new[] { 0, -1, float.PositiveInfinity, float.NaN })
        {
            var muon = new TrainerOptions { Optimizer = "muon", Muon = new() { AdamWLearningRate = rate } };
            Assert.Equal("TrainerOptionsInvalid", ErrorOf(fits with { Trainer = muon }));
        }

        Assert.Equal("SequenceTooLong", ErrorOf(fits with { SequenceLength = 9 }));
        Assert.Equal("TooFewTokens", ErrorOf(fits, Text[..8]));
        Assert.Equal("TokenOutsideVocabulary", ErrorOf(fits, [.. Text, 17]));
        Assert.Equal(0, model.TrainingState.Step);
    }
}
