using System.Text;
using PsGpt.Checkpoints;
using PsGpt.Data;

namespace PsGpt.Unit.Checkpoints;

/// <summary>The state of a run as version 1 of the layout wrote it, shortened only by the numbers that stayed as they are.</summary>
public sealed class FormerStateTests
{
    private const string Version1 = """
        {
          "Configuration": {
            "VocabularySize": 1024, "ContextLength": 256, "LayerCount": 4, "HeadCount": 4, "ChannelCount": 128, "DropoutRate": 0.25
          },
          "TokenizerName": "bpe1024-50edf261",
          "Options": {
            "StepCount": null, "EpochCount": 1.5, "MaximumMinutes": 9, "BatchSize": 4, "SequenceLength": 64, "AccumulationCount": 2,
            "Order": "Shuffled", "RepeatsFirstBatch": true, "ValidationInterval": 10, "ValidationBatchCount": 6, "MeasuresFirst": true,
            "Patience": 3, "Schedule": "cosine", "WarmUpStepCount": 2, "MinimumLearningRate": 0.001, "DecayShare": 0.3, "Seed": 7,
            "Trainer": {
              "Optimizer": "muon", "LearningRate": 0.01, "EmbeddingLearningRate": 0.003, "WeightDecay": 0.1, "DecaysAll": true,
              "Beta1": 0.8,
              "Beta2": 0.85, "Epsilon": 1E-07, "Momentum": null, "MaximumGradientNorm": 0.5, "OutlierThreshold": 4, "DropoutRate": 0.125,
              "FrozenLayers": [ 1 ], "FreezesEmbedding": true, "Seed": 7
            }
          },
          "HasRule": false,
          "Dataset": { "TrainingCount": 100, "ValidationCount": 10, "Checksum": 5 },
          "Checkpoints": { "Interval": 20, "Keep": 2 },
          "Progress": { "Step": 4, "RunStep": 4 },
          "IsBest": false
        }
        """;

    [Fact]
    public void Options_of_a_run_are_read_under_their_former_names()
    {
        var options = Read().Options;
        Assert.Equal((null, 1.5, 9, 2), (options.Steps, options.Epochs, options.MaxMinutes, options.Accumulation));
        Assert.Equal(
            (BatchOrder.Shuffled, true, 6, true),
            (options.Order, options.OverfitOneBatch, options.ValidationBatches, options.ValidateFirst));
        Assert.Equal((2, 0.001f, 0.3, 7ul), (options.WarmupSteps, options.MinLearningRate, options.DecayFraction, options.Seed!.Value));
    }

    [Fact]
    public void Options_of_each_optimizer_are_read_from_beside_each_other()
    {
        var trainer = Read().Options.Trainer;
        Assert.Equal((0.8f, 0.85f, 1e-7f), (trainer.AdamW.Beta1, trainer.AdamW.Beta2, trainer.AdamW.Epsilon));
        Assert.Equal((0.95f, 0.003f, 0.9f), (trainer.Muon.Momentum, trainer.Muon.AdamWLearningRate!.Value, trainer.Sgd.Momentum));
        Assert.Equal((true, 0.5f, 4f, 0.125f), (trainer.DecayAll, trainer.ClipNorm, trainer.SkipOutliers, trainer.Dropout!.Value));
        Assert.Equal([1], trainer.FreezeLayers);
        Assert.True(trainer.FreezeEmbedding);
    }

    [Fact]
    public void The_model_and_the_checkpoints_are_read_under_their_former_names()
    {
        var state = Read();
        Assert.Equal((0.25f, 20, 2), (state.Configuration.Dropout, state.Checkpoints.CheckpointInterval, state.Checkpoints.Keep));
    }

    private static CheckpointState Read() => CheckpointJson.ReadWithFormerNames<CheckpointState>(Encoding.UTF8.GetBytes(Version1));
}
