using PsGpt.Training;

namespace PsGpt.Unit.Training;

public sealed class RecipeTests
{
    public static TheoryData<string> Names => [.. RecipeCatalog.Registry.All.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_recipe_has_valid_options_and_an_optimizer_and_a_schedule_that_exist(string name)
    {
        var training = RecipeCatalog.Registry.Get(name).GetTraining();
        training.Validate();
        Assert.NotNull(OptimizerCatalog.Registry.Find(training.Trainer.Optimizer));
        Assert.NotNull(ScheduleCatalog.Registry.Find(training.Schedule));
    }

    /// <summary>The numbers of nanoGPT's <c>train_shakespeare_char.py</c>, and of its README for a machine without a GPU.</summary>
    [Theory]
    [InlineData("nanogpt-cpu", 2000, 12, 64, 4, 4, 128, 0f)]
    [InlineData("shakespeare-char", 5000, 64, 256, 6, 6, 384, 0.2f)]
    public void Recipes_of_nanoGPT_have_its_numbers(
        string name, int steps, int batchSize, int blockSize, int layers, int heads, int channels, float dropout)
    {
        var recipe = RecipeCatalog.Registry.Get(name);
        var (training, model) = (recipe.GetTraining(), recipe.GetNewModel()!);
        Assert.Equal((steps, batchSize, blockSize), (training.Steps!.Value, training.BatchSize, training.SequenceLength!.Value));
        Assert.Equal((1e-3f, 1e-4f, 0.99f), (training.Trainer.LearningRate, training.MinLearningRate, training.Trainer.AdamW.Beta2));
        Assert.Equal((100, 250), (training.WarmupSteps, training.ValidationInterval));
        Assert.Equal(
            (layers, heads, channels, blockSize, dropout),
            (model.LayerCount, model.HeadCount, model.ChannelCount, model.ContextLength, model.Dropout));
    }

    [Fact]
    public void A_recipe_lists_the_options_that_differ_from_the_defaults()
    {
        var recipe = RecipeCatalog.Registry.Get("nanogpt-cpu");
        Assert.Equal(
            [
                "BatchSize", "Beta2", "LearningRate", "MinLearningRate", "Schedule", "SequenceLength", "Steps", "ValidationBatches",
                "ValidationInterval", "WarmupSteps",
            ],
            recipe.Parameters.Keys);
        Assert.Equal(["Activation", "ContextLength", "NoBias", "Tokenizer"], recipe.Model.Keys);
    }

    [Fact]
    public void A_table_sets_options_wherever_they_stand_also_by_their_former_names()
    {
        var table = new Dictionary<string, object> { ["steps"] = 3, ["MaximumGradientNorm"] = 0.5f, ["Momentum"] = 0.7f, ["Seed"] = 4UL };
        var training = Recipe.FromTables("mine", "", table, model: null, path: null, (value, _) => value).GetTraining();
        Assert.Equal(
            (3, 0.5f, 0.7f, 0.7f),
            (training.Steps!.Value, training.Trainer.ClipNorm, training.Trainer.Muon.Momentum, training.Trainer.Sgd.Momentum));
        Assert.Equal((4UL, 4UL), (training.Seed!.Value, training.Trainer.Seed));
    }

    [Fact]
    public void A_name_that_no_option_has_is_refused()
    {
        var table = new Dictionary<string, object> { ["Step"] = 3 };
        var error = Assert.Throws<GptException>(() => Recipe.FromTables("mine", "", table, model: null, path: null, (value, _) => value));
        Assert.Equal("RecipeInvalid", error.ErrorId);
        Assert.Contains("ClipNorm", error.Message, StringComparison.Ordinal);
    }
}
