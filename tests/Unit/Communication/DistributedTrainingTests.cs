using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Communication;

/// <summary>Training on several ranks, against one process that takes all of their batches.</summary>
public sealed class DistributedTrainingTests
{
    /// <summary>
    /// A gradient of n terms that are summed in another order differs by some n·2⁻²⁴ of its size. 40 updates of at most 3e-3 carry that
    /// into losses of about 2.8; what grows is 1e-6 a step at most, and 1e-4 in all leaves room for twice as much.
    /// </summary>
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("adamw", 2)]
    [InlineData("adamw", 4)]
    [InlineData("muon", 2)]
    [InlineData("muon", 3)]
    [InlineData("sgd", 3)]
    public void The_losses_are_those_of_one_process_with_all_batches(string optimizer, int rankCount)
    {
        var options = RankRun.Options(optimizer);
        var ranks = ThreadRanks.Run(rankCount, communicator => RankRun.Take(communicator, options));
        var alone = RankRun.Take(SingleProcess.Instance, RankRun.Together(options, rankCount));
        AssertNear(RankRun.Losses(alone.Steps), RankRun.Losses(ranks[0].Steps));
        Assert.Equal(44, RankRun.Losses(alone.Steps).Length);
        Assert.All(ranks, rank => Assert.Equal(ranks[0].Steps, rank.Steps));
        Assert.All(ranks, rank => Assert.Equal(ranks[0].Weights, rank.Weights));
    }

    [Theory]
    [InlineData(BatchOrder.Sequential)]
    [InlineData(BatchOrder.Shuffled)]
    public void Every_part_of_a_text_is_taken_once_in_an_epoch(BatchOrder order)
    {
        IDataLoader Loader() =>
            new ShardDataLoader(new TokenSequence(SmallTraining.Text(401)), 2, 8, order == BatchOrder.Shuffled ? 7ul : null);
        var whole = Loader();
        var ranks = Enumerable.Range(0, 3).Select(rank => new RankDataLoader(Loader(), rank, 3)).ToArray();
        for (var i = 0; i < 90; i++)
        {
            Assert.Equal(whole.Next().Inputs, ranks[i % 3].Next().Inputs);
            if (i % 3 == 2)
                Assert.All(ranks, rank => Assert.Equal(whole.Position, rank.Position));
        }
    }

    [Fact]
    public void Random_windows_are_those_of_one_process_with_larger_batches()
    {
        var text = new TokenSequence(SmallTraining.Text(401));
        var large = new RandomDataLoader(text, 6, 8, seed: 3);
        var ranks = Enumerable.Range(0, 3).Select(rank => new RankDataLoader(new RandomDataLoader(text, 2, 8, seed: 3), rank, 3)).ToArray();
        for (var i = 0; i < 5; i++)
            Assert.Equal(large.Next().Inputs, ranks.SelectMany(rank => rank.Next().Inputs));
    }

    [Theory]
    [InlineData("adamw", 2)]
    [InlineData("sgd", 1)]
    [InlineData("muon", 3)]
    public void Each_of_four_ranks_holds_a_quarter_of_the_moments(string optimizer, int momentsPerParameter)
    {
        var options = RankRun.Options(optimizer, steps: 1);
        var counts = ThreadRanks.Run(4, communicator => RankRun.Take(communicator, options).MomentCount);
        using var model = SmallTraining.NewModel();
        Assert.Equal(momentsPerParameter * model.Weights.Block.Length, counts.Sum());

        // Two layers of matrices cannot be a quarter for each of four ranks.
        var largest = optimizer == "muon" ? 0.5 : 0.27;
        Assert.All(counts, count => Assert.InRange(count, 1, largest * counts.Sum()));
    }

    [Fact]
    public void Frozen_layers_stay_and_the_others_learn_as_in_one_process()
    {
        var options = RankRun.Options("muon", steps: 5);
        options = options with { Trainer = options.Trainer with { FreezeLayers = [1], FreezeEmbedding = true } };
        var ranks = ThreadRanks.Run(2, communicator => RankRun.Take(communicator, options));
        var alone = RankRun.Take(SingleProcess.Instance, RankRun.Together(options, 2));
        AssertNear(RankRun.Losses(alone.Steps), RankRun.Losses(ranks[0].Steps));
        using var model = SmallTraining.NewModel();
        var before = SmallTraining.Weights(model);
        var places = Enumerable.Range(0, before.Length);
        Assert.Equal(places.Where(i => before[i] == alone.Weights[i]), places.Where(i => before[i] == ranks[1].Weights[i]));
    }

    [Fact]
    public void Gradients_in_bfloat16_train_nearly_as_well()
    {
        var options = RankRun.Options("adamw");
        options = options with { Trainer = options.Trainer with { GradientFormat = WireFormat.BFloat16 } };
        var ranks = ThreadRanks.Run(2, communicator => RankRun.Take(communicator, options));
        var alone = RankRun.Take(SingleProcess.Instance, RankRun.Together(RankRun.Options("adamw"), 2));

        // 8 significant bits: each gradient is off by up to 2⁻⁹ of itself, which is neither nothing nor much.
        var (exact, rounded) = (RankRun.Losses(alone.Steps), RankRun.Losses(ranks[0].Steps));
        Assert.NotEqual(exact[^1], rounded[^1]);
        Assert.All(exact.Zip(rounded), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.02));
    }

    [Fact]
    public void A_rank_that_stops_asking_stops_all_after_the_same_step()
    {
        var options = RankRun.Options("adamw");
        var steps = ThreadRanks.Run(3, communicator =>
        {
            using var model = SmallTraining.NewModel();
            using var run = new TrainingRun(model, SmallTraining.NewDataset(), options, communicator: communicator);
            _ = run.Steps().Take(communicator.Rank == 1 ? 4 : int.MaxValue).Count();
            return model.TrainingState.Step;
        });
        Assert.Equal([4, 4, 4], steps);
    }

    [Fact]
    public void What_is_not_a_number_on_one_rank_stops_all_before_the_update()
    {
        var results = ThreadRanks.Run(2, communicator =>
        {
            using var model = SmallTraining.NewModel();
            if (communicator.Rank == 1)
                model.Weights["lnfb"].Span[0] = float.NaN;
            var before = SmallTraining.Weights(model);
            using var trainer = new Trainer(model, new TrainerOptions(), communicator: communicator);
            var error = Assert.Throws<GptException>(() => trainer.Step(SmallTraining.Batch()));
            return (error.ErrorId, IsSame: before.SequenceEqual(SmallTraining.Weights(model)), IsOfAll: RankAgreement.IsOfAllRanks(error));
        });
        Assert.All(results, result => Assert.Equal(("TrainingDiverged", true, true), result));
    }

    [Theory]
    [InlineData("text", "text")]
    [InlineData("option", "value of LearningRate")]
    [InlineData("model", "model, by its weights,")]
    [InlineData("first weight", "model, by its weights,")]
    [InlineData("last weight", "model, by its weights,")]
    public void Ranks_that_differ_are_named_before_the_first_step(string difference, string named)
    {
        var errors = ThreadRanks.Run(3, communicator =>
        {
            var isOther = communicator.Rank == 2;
            var options = RankRun.Options("adamw");
            if (isOther && difference == "option")
                options = options with { Trainer = options.Trainer with { LearningRate = 1 } };
            using var model = ModelInitializer.Create(SmallTraining.Configuration, null, seed: isOther && difference == "model" ? 2ul : 1);
            if (isOther && difference.EndsWith("weight", StringComparison.Ordinal))
                model.Weights["lnfb"].Span[difference == "first weight" ? 0 : ^1]++;
            var dataset = SmallTraining.NewDataset(isOther && difference == "text" ? 500 : 400);
            using var run = new TrainingRun(model, dataset, options, communicator: communicator);
            var error = Assert.Throws<GptException>(() => run.Steps().First());
            return (error.ErrorId, error.Message.Split(" than ")[0], model.TrainingState.Step);
        });
        Assert.All(errors, error => Assert.Equal(("RanksDiffer", $"Rank 2 has another {named}", 0), error));
    }

    [Fact]
    public void An_error_of_one_rank_is_the_error_of_all()
    {
        var errors = ThreadRanks.Run(3, communicator => Assert.Throws<GptException>(() => communicator.Together<int>(() =>
            communicator.Rank == 1 ? throw new GptException("TooFewTokens", GptErrorKind.InvalidData, "There are 3 tokens.") : 1)));
        Assert.Equal(
            ["Rank 1 cannot train: There are 3 tokens.", "There are 3 tokens.", "Rank 1 cannot train: There are 3 tokens."],
            errors.Select(error => error.Message));
        Assert.All(errors, error => Assert.Equal(("TooFewTokens", true), (error.ErrorId, RankAgreement.IsOfAllRanks(error))));
    }

    [Fact]
    public void Another_version_of_the_module_is_named()
    {
        var messages = ThreadRanks.Run(3, communicator => Assert.Throws<GptException>(
            () => RunFingerprint.RequireSameVersion(communicator, communicator.Rank == 1 ? "1.1.0" : "1.0.0")).Message);
        Assert.All(messages, message => Assert.StartsWith("Rank 1 has another version of PsGpt than rank 0", message));
    }

    [Fact]
    public void A_rank_without_text_is_named_by_the_others()
    {
        var answers = ThreadRanks.Run(3, communicator =>
        {
            try
            {
                return $"{communicator.RequireText(communicator.Rank != 1)}";
            }
            catch (GptException exception)
            {
                return $"{exception.ErrorId} {exception.Message[..30]} {RankAgreement.IsOfAllRanks(exception)}";
            }
        });
        const string Named = "TextMissing Rank 1 could not read its text True";
        Assert.Equal([Named, "False", Named], answers);
        Assert.Equal([true, true], ThreadRanks.Run(2, communicator => communicator.RequireText(true)));
    }

    [Fact]
    public void Moments_that_are_divided_are_not_taken_for_whole_ones()
    {
        var ids = ThreadRanks.Run(2, communicator =>
        {
            using var model = SmallTraining.NewModel();
            using (var trainer = new Trainer(model, new TrainerOptions(), communicator: communicator))
                trainer.Step(SmallTraining.Batch());
            using var alone = new Trainer(model, new TrainerOptions());
            return Assert.Throws<GptException>(() => alone.Step(SmallTraining.Batch())).ErrorId;
        });
        Assert.Equal(["MomentsDivided", "MomentsDivided"], ids);
    }

    private static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance));
    }
}
