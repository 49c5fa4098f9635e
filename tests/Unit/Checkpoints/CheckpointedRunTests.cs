using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Training;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

public sealed class CheckpointedRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, BatchOrder> Cases
    {
        get
        {
            var cases = new TheoryData<string, BatchOrder>();
            foreach (var optimizer in new[] { "adamw", "muon", "sgd" })
            {
                foreach (var order in Enum.GetValues<BatchOrder>())
                    cases.Add(optimizer, order);
            }

            return cases;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Twenty_steps_and_twenty_more_end_as_forty_do(string optimizer, BatchOrder order)
    {
        var options = SmallRun.Options with
        {
            Accumulation = 2,
            Order = order,
            Schedule = "cosine",
            WarmupSteps = 3,
            Patience = 5,
            Trainer = SmallRun.Options.Trainer with { Optimizer = optimizer, SkipOutliers = 3 },
        };
        using var whole = SmallTraining.NewModel();
        using var first = SmallTraining.NewModel();
        using var second = ModelInitializer.Create(SmallTraining.Configuration, null, seed: 99);
        var expected = SmallRun.Take(100, whole, folder["whole"], options: options).Steps;
        SmallRun.Take(20, first, folder["parts"], options: options);
        var rest = SmallRun.Take(100, second, folder["parts"], resume: true, options: options);
        Assert.Empty(rest.Warnings);
        Assert.Equal(40, expected.Length);
        Assert.Equal(expected.Skip(20).Select(SmallRun.Numbers), rest.Steps.Select(SmallRun.Numbers));
        Assert.Equal(SmallTraining.Weights(whole), SmallTraining.Weights(second));
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(folder["whole"], "step-00000040", file)),
                File.ReadAllBytes(Path.Combine(folder["parts"], "step-00000040", file)));
    }

    [Fact]
    public void An_average_of_weights_is_the_model_of_a_checkpoint_and_the_run_goes_on_with_the_weights()
    {
        var options = SmallRun.Options with { EmaDecay = 0.9f };
        using var whole = SmallTraining.NewModel();
        using var first = SmallTraining.NewModel();
        using var second = ModelInitializer.Create(SmallTraining.Configuration, null, seed: 99);
        var expected = SmallRun.Take(100, whole, folder["whole"], options: options).Steps;
        SmallRun.Take(23, first, folder["parts"], options: options);
        using (var read = ModelFile.Read(folder["parts/step-00000023"]))
            Assert.Equal(Visible(first), Visible(read));

        // One that was written on the way is the one of a run that was stopped there.
        using var stopped = SmallTraining.NewModel();
        SmallRun.Take(20, stopped, folder["stopped"], options: options);
        using (var read = ModelFile.Read(folder["parts/step-00000020"]))
            Assert.Equal(Visible(stopped), Visible(read));
        var rest = SmallRun.Take(100, second, folder["parts"], resume: true, options: options);
        Assert.Empty(rest.Warnings);
        Assert.Equal(expected.Skip(23).Select(SmallRun.Numbers), rest.Steps.Select(SmallRun.Numbers));
        Assert.Equal(SmallTraining.Weights(whole), SmallTraining.Weights(second));
    }

    [Fact]
    public void Moments_of_an_earlier_training_are_forgotten()
    {
        // What is frozen has no moments, and the checkpoint leaves them out.
        var options = SmallRun.Options with { Trainer = new() { FreezeEmbedding = true } };
        using var model = SmallTraining.NewModel();
        using var other = SmallTraining.NewModel();
        SmallRun.Take(3, model, folder["frozen"], options: options);
        SmallRun.Take(3, other, folder["other"]);
        Checkpoint.Open(folder["frozen/step-00000003"]).Restore(other);
        foreach (var (name, moment) in model.TrainingState.Moments)
        {
            Assert.False(moment["wpe"].Span.ContainsAnyExcept(0f));
            Assert.All(
                moment.Tensors,
                tensor => Assert.Equal(tensor.Span.ToArray(), other.TrainingState.Moments[name][tensor.Name].Span.ToArray()));
        }
    }

    [Fact]
    public void Patience_best_loss_and_elapsed_time_are_carried_over()
    {
        var options = SmallRun.Options with { ValidationInterval = 2, Patience = 3, Steps = 400, Trainer = new() { LearningRate = 0.05f } };
        using var whole = SmallTraining.NewModel();
        using var parts = SmallTraining.NewModel();
        var expected = SmallRun.Take(1000, whole, folder["whole"], options: options).Steps;
        SmallRun.Take(expected.Length - 3, parts, folder["parts"], options: options);
        Assert.InRange(expected.Length, 8, 399);
        var elapsed = Checkpoint.Open(folder[$"parts/{File.ReadAllText(folder["parts/latest"])}"]).State.Progress.ElapsedSeconds;
        Assert.Equal(3, SmallRun.Take(1000, parts, folder["parts"], resume: true, options: options).Steps.Length);
        using var store = new CheckpointStore(folder["parts"]);
        var progress = store.FindNewest(Assert.Fail)!.State.Progress;
        Assert.Equal((expected.Length, 3), (progress.RunStep, progress.EvaluationsWithoutImprovement));
        Assert.Equal(expected.Min(step => step.ValidationLoss), progress.BestValidationLoss);
        Assert.True(progress.ElapsedSeconds > elapsed && elapsed > 0);
    }

    [Fact]
    public void A_run_that_is_stopped_anywhere_leaves_its_last_step()
    {
        using var model = SmallTraining.NewModel();
        SmallRun.Take(13, model, folder["run"]);
        Assert.Equal("step-00000013", File.ReadAllText(folder["run/latest"]));
        using var read = ModelFile.Read(folder["run/step-00000013"]);
        Assert.Equal(Visible(model), Visible(read));
    }

    [Fact]
    public void A_run_that_fails_leaves_its_last_step()
    {
        using var model = SmallTraining.NewModel();
        using var store = new CheckpointStore(folder["run"]);
        using var dataset = SmallTraining.NewDataset();
        using var run = new TrainingRun(model, dataset, SmallRun.Options, (step, rate) => step == 4 ? float.NaN : rate);
        Assert.Equal(
            "LearningRateInvalid",
            Assert.Throws<GptException>(() => new CheckpointedRun(run, store, new CheckpointOptions()).Steps().Count()).ErrorId);
        Assert.Equal(3, store.FindNewest(Assert.Fail)!.State.Progress.Step);
    }

    [Fact]
    public void What_is_there_is_never_mixed_with_another_run()
    {
        using var model = SmallTraining.NewModel();
        SmallRun.Take(3, model, folder["run"]);
        var weights = SmallTraining.Weights(model);
        Assert.Equal("CheckpointsExist", ErrorOf(() => SmallRun.Take(3, model, folder["run"])));
        Assert.Equal(weights, SmallTraining.Weights(model));
        Assert.Equal(["latest", "step-00000003"], SmallRun.Names(folder["run"]));
    }

    [Fact]
    public void Nothing_to_resume_begins_anew()
    {
        using var model = SmallTraining.NewModel();
        Assert.Equal(1, SmallRun.Take(3, model, folder["run"], resume: true).Steps[0].Step);
    }

    [Fact]
    public void A_finished_run_has_nothing_left_and_can_be_made_longer()
    {
        using var model = SmallTraining.NewModel();
        SmallRun.Take(100, model, folder["run"]);
        Assert.Empty(SmallRun.Take(100, model, folder["run"], resume: true).Steps);
        var longer = SmallRun.Take(100, model, folder["run"], resume: true, SmallRun.Options with { Steps = 50 });
        Assert.Equal((10, 50), (longer.Steps.Length, longer.Steps[^1].Step));
        Assert.Empty(longer.Warnings);
    }

    private static string ErrorOf(Action action) => Assert.Throws<GptException>(action).ErrorId;

    /// <summary>Without the rows behind the vocabulary, which no file has.</summary>
    private static float[] Visible(GptModel model) =>
        [.. model.Weights.Tensors.SelectMany(tensor => tensor.Span[..VisibleLength(tensor, model.Configuration)].ToArray())];

    private static int VisibleLength(Tensor tensor, GptConfiguration configuration) =>
        tensor.Name == "wte" ? SmallTraining.Vocabulary * configuration.ChannelCount : (int)tensor.Length;
}
