using PsGpt.Extensions;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Training;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Model;

/// <summary>One model in the hands of several threads: each operation succeeds or fails with an error, and the model stays whole.</summary>
public sealed class SharedModelTests
{
    private const int StepCount = 3;

    private static readonly Dictionary<string, Action<GptModel>> Operations = new()
    {
        ["run"] = model =>
        {
            var options = new TrainingRunOptions { Steps = StepCount, SequenceLength = 8 };
            using var run = new TrainingRun(model, SmallTraining.NewDataset(), options);
            Assert.Equal(StepCount, run.Steps().Count());
        },
        ["step"] = model =>
        {
            using var trainer = new Trainer(model, new TrainerOptions());
            trainer.Step(SmallTraining.Batch());
        },
        ["complete"] = model =>
        {
            using var decoder = new GptDecoder(model);
            for (var i = 0; i < 6; i++)
                Assert.All(decoder.Append([i]).ToArray(), logit => Assert.True(float.IsFinite(logit)));
        },
        ["evaluate"] = model =>
        {
            using var pass = new GptPass(model, SmallTraining.Batch().BatchSize, SmallTraining.Batch().SequenceLength, forTraining: false);
            Assert.True(float.IsFinite(pass.ComputeLoss(SmallTraining.Batch())));
        },
        ["export"] = model =>
        {
            var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.bin");
            try
            {
                ModelFile.Write(model, path, "llm.c");
            }
            finally
            {
                File.Delete(path);
            }
        },
        ["read"] = model =>
        {
            foreach (var tensor in model.Weights.Tensors)
            {
                var values = new float[tensor.Length];
                tensor.CopyTo(values);
                Assert.All(values, value => Assert.True(float.IsFinite(value)));
            }
        },
        ["crop"] = model => ContextCrop.Crop(model, 4).Dispose(),
        ["dispose"] = model => model.Dispose(),
    };

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var first in Operations.Keys)
        {
            foreach (var second in Operations.Keys.Where(name => string.CompareOrdinal(name, first) >= 0))
                pairs.Add(first, second);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Two_operations_at_once_succeed_or_fail_with_an_error(string first, string second)
    {
        for (var round = 0; round < 20; round++)
        {
            using var model = SmallTraining.NewModel();
            using var start = new Barrier(2);
            var outcomes = await Task.WhenAll(new[] { first, second }.Select(name => OnItsOwnThread(() =>
            {
                start.SignalAndWait();
                return ErrorId.Of(() => Operations[name](model));
            })));
            Assert.All(outcomes, error => Assert.Contains(error, (string?[])[null, "ModelInUse", "ObjectDisposed"]));
            if (first is "dispose" || second is "dispose")
            {
                Assert.All(outcomes, error => Assert.NotEqual("ModelInUse", error));
                Assert.Equal("ObjectDisposed", ErrorId.Of(() => Operations["complete"](model)));
                continue;
            }

            Assert.True(outcomes[0] is null || outcomes[1] is null);
            var steps = new[] { first, second }.Zip(outcomes)
                .Sum(pair => pair.Second is not null ? 0 : pair.First == "run" ? StepCount : pair.First == "step" ? 1 : 0);
            Assert.Equal(steps, model.TrainingState.Step);
            Assert.Null(ErrorId.Of(() => Operations["step"](model)));
        }
    }

    [Theory]
    [InlineData("run", "ModelInUse")]
    [InlineData("step", "ModelInUse")]
    [InlineData("export", "ModelInUse")]
    [InlineData("crop", "ModelInUse")]
    [InlineData("complete", null)]
    [InlineData("evaluate", null)]
    [InlineData("read", null)]
    public void A_model_in_training_can_be_read_but_neither_trained_nor_copied(string operation, string? expected)
    {
        using var model = SmallTraining.NewModel();
        using (var trainer = new Trainer(model, new TrainerOptions()))
        {
            trainer.Step(SmallTraining.Batch());
            Assert.Equal(expected, ErrorId.Of(() => Operations[operation](model)));
            Assert.Equal(2, trainer.Step(SmallTraining.Batch()).Step);
        }

        Assert.Null(ErrorId.Of(() => Operations[operation](model)));
    }

    [Fact]
    public void A_model_that_is_being_copied_cannot_be_trained_but_copied_and_read()
    {
        using var model = SmallTraining.NewModel();
        using (model.BeginCopy())
        {
            Assert.Equal("ModelInUse", ErrorId.Of(() => Operations["step"](model)));
            foreach (var operation in (string[])["crop", "export", "complete", "read"])
                Assert.Null(ErrorId.Of(() => Operations[operation](model)));
        }

        Assert.Null(ErrorId.Of(() => Operations["step"](model)));
    }

    [Fact]
    public void A_training_ends_with_an_error_at_its_next_step_when_the_model_was_disposed()
    {
        var model = SmallTraining.NewModel();
        using var trainer = new Trainer(model, new TrainerOptions());
        trainer.Step(SmallTraining.Batch());
        model.Dispose();
        Assert.Equal("ObjectDisposed", ErrorId.Of(() => trainer.Step(SmallTraining.Batch())));
        Assert.Equal(1, trainer.State.Step);

        // The memory is there until the trainer has finished with it.
        Assert.True(float.IsFinite(model.Weights.Tensors[0].Span[0]));
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Weights.Tensors[0].Span[0]);
    }

    [Fact]
    public void An_update_waits_for_a_reader_and_a_reader_for_an_update()
    {
        using var model = SmallTraining.NewModel();
        var update = new Thread(() =>
        {
            using var section = model.BeginUpdate();
            model.TrainingState.Step = 5;
        });
        using (model.BeginRead())
        {
            StartAndLetWait(update);
            Assert.Equal(0, model.TrainingState.Step);
        }

        update.Join();
        var seen = 0;
        var reader = new Thread(() =>
        {
            using var section = model.BeginRead();
            seen = model.TrainingState.Step;
        });
        using (model.BeginUpdate())
        {
            StartAndLetWait(reader);
            model.TrainingState.Step = 6;
        }

        reader.Join();
        Assert.Equal(6, seen);
    }

    [Fact]
    public void A_constructor_changes_neither_model_nor_state()
    {
        using var model = SmallTraining.NewModel();
        var weights = SmallTraining.Weights(model);
        foreach (var optimizer in BuiltInPlugins.Names(PluginKind.Optimizer))
        {
            using var trainer = new Trainer(model, new TrainerOptions { Optimizer = optimizer });
            trainer.Prepare(2, 8);
        }

        Assert.Empty(model.TrainingState.Moments);
        Assert.Equal(0, model.TrainingState.Step);
        Assert.Equal(weights, SmallTraining.Weights(model));
    }

    /// <summary>Starts a thread and returns when it waits, or has ended without having waited.</summary>
    private static void StartAndLetWait(Thread thread)
    {
        thread.Start();
        while ((thread.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) == 0)
            Thread.Yield();
    }

    private static Task<string?> OnItsOwnThread(Func<string?> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
