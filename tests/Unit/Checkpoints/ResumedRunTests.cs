using PsGpt.Checkpoints;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Checkpoints;

/// <summary>A run that continues from a checkpoint must fit it.</summary>
public sealed class ResumedRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_that_is_not_the_checkpoint_s_is_refused_and_left_alone()
    {
        using var model = SmallTraining.NewModel();
        SmallRun.Take(3, model, folder["run"]);
        using var other = ModelInitializer.Create(SmallTraining.Configuration with { LayerCount = 3 }, null, seed: 1);
        var weights = SmallTraining.Weights(other);
        var error = Assert.Throws<GptException>(() => SmallRun.Take(3, other, folder["run"], resume: true));
        Assert.Equal("CheckpointMismatch", error.ErrorId);
        Assert.Contains("LayerCount 3 instead of 2", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, true), (other.TrainingState.Step, weights.AsSpan().SequenceEqual(SmallTraining.Weights(other))));
    }

    [Fact]
    public void A_model_that_speaks_another_tokenizer_is_refused()
    {
        using var model = new GptModel(SmallTraining.Configuration, new CharacterTokenizer([.. "abc".EnumerateRunes()]), "abc");
        using var other = new GptModel(SmallTraining.Configuration, new CharacterTokenizer([.. "abd".EnumerateRunes()]), "abd");
        SmallRun.Take(3, model, folder["run"]);
        Assert.Equal("CheckpointMismatch", ErrorOf(() => SmallRun.Take(3, other, folder["run"], resume: true)));
    }

    [Fact]
    public void Text_that_shrank_is_refused_and_text_that_changed_is_told()
    {
        using var first = SmallTraining.NewModel();
        using var model = ModelInitializer.Create(SmallTraining.Configuration, null, seed: 2);
        SmallRun.Take(3, first, folder["run"]);
        var weights = SmallTraining.Weights(model);
        Assert.Equal(
            "CheckpointMismatch",
            ErrorOf(() => SmallRun.Take(3, model, folder["run"], resume: true, dataset: SmallTraining.NewDataset(399))));
        Assert.Equal((0, true), (model.TrainingState.Step, weights.AsSpan().SequenceEqual(SmallTraining.Weights(model))));
        Assert.Contains(
            "text", Assert.Single(SmallRun.Take(1, model, folder["run"], resume: true, dataset: SmallTraining.NewDataset(500)).Warnings),
            StringComparison.Ordinal);
        var changed = SmallTraining.Text(500);
        changed[250] = (changed[250] + 1) % SmallTraining.Vocabulary;
        using var dataset = TokenDataset.Split(new TokenSequence(changed));
        Assert.Single(SmallRun.Take(1, model, folder["run"], resume: true, dataset: dataset).Warnings);
    }

    [Theory]
    [InlineData(nameof(TrainingRunOptions.BatchSize))]
    [InlineData(nameof(TrainingRunOptions.SequenceLength))]
    [InlineData(nameof(TrainingRunOptions.Order))]
    [InlineData(nameof(TrainerOptions.Optimizer))]
    public void Options_without_which_a_run_cannot_go_on_are_demanded(string name)
    {
        using var model = SmallTraining.NewModel();
        SmallRun.Take(3, model, folder["run"]);
        var options = name switch
        {
            nameof(TrainingRunOptions.BatchSize) => SmallRun.Options with { BatchSize = 3 },
            nameof(TrainingRunOptions.SequenceLength) => SmallRun.Options with { SequenceLength = 4 },
            nameof(TrainingRunOptions.Order) => SmallRun.Options with { Order = BatchOrder.Sequential },
            _ => SmallRun.Options with { Trainer = SmallRun.Options.Trainer with { Optimizer = "sgd" } },
        };
        var error = Assert.Throws<GptException>(() => SmallRun.Take(3, model, folder["run"], resume: true, options));
        Assert.Equal("CheckpointMismatch", error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_change_the_course_are_told()
    {
        using var model = SmallTraining.NewModel();
        SmallRun.Take(3, model, folder["run"]);
        var options = SmallRun.Options with { Trainer = SmallRun.Options.Trainer with { LearningRate = 0.5f } };
        Assert.Contains(
            "LearningRate 0.01 instead of 0.5", Assert.Single(SmallRun.Take(3, model, folder["run"], resume: true, options).Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_dropout_is_told()
    {
        using var model = SmallTraining.NewModel();
        using var other = ModelInitializer.Create(SmallTraining.Configuration with { Dropout = 0.5f }, null, seed: 1);
        var options = SmallRun.Options with { Trainer = new() };
        SmallRun.Take(3, model, folder["run"], options: options);
        Assert.Contains(
            "dropout of the model is 0.5", Assert.Single(SmallRun.Take(3, other, folder["run"], resume: true, options: options).Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_are_given_win_over_those_of_the_beginning()
    {
        var state = new CheckpointState
        {
            Configuration = SmallTraining.Configuration, Options = SmallRun.Options, Dataset = new(1, 0, 0), Progress = new(),
        };
        var given = new TrainingRunOptions
        {
            Steps = 7,
            BatchSize = 9,
            Seed = 3,
            Trainer = new() { LearningRate = 1, Seed = 3, AdamW = new() { Beta1 = 0.5f }, FreezeLayers = [1] },
        };
        var names = new HashSet<string> { "Steps", "LearningRate", "Seed", "FreezeLayers" };
        var options = state.OptionsWith(given, names);
        Assert.Equal((7, SmallRun.Options.BatchSize, 3ul), (options.Steps, options.BatchSize, options.Seed!.Value));
        Assert.Equal(
            (1f, 3ul, SmallRun.Options.Trainer.AdamW.Beta1, 0.1f),
            (options.Trainer.LearningRate, options.Trainer.Seed, options.Trainer.AdamW.Beta1, options.Trainer.Dropout));
        Assert.Equal([1], options.Trainer.FreezeLayers);
        Assert.Equal(
            new CheckpointOptions { CheckpointInterval = 5, Keep = 1 },
            state.CheckpointsWith(
                new CheckpointOptions { CheckpointInterval = 5, Keep = 5 }, new HashSet<string> { "CheckpointInterval" }));
    }

    private static string ErrorOf(Action action) => Assert.Throws<GptException>(action).ErrorId;
}
