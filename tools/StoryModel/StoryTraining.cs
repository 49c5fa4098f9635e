using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.StoryModel;

/// <summary>AdamW over stories; the learning rate rises for the first steps and then falls along a cosine.</summary>
internal static class StoryTraining
{
    private const int BatchSize = 16;
    private const float PeakLearningRate = 3e-3f;
    private const float LastLearningRate = 1e-4f;
    private const int WarmUpSteps = 100;
    private const int HeldOutCount = 1000;

    public static void Run(GptModel model, IReadOnlyList<string> stories, int stepCount, ulong seed, CancellationToken cancellationToken)
    {
        var (training, heldOut) = (Batcher(), Batcher());
        foreach (var (index, story) in stories.Index())
            (index < HeldOutCount ? heldOut : training).Add(story);
        Console.WriteLine($"{training.TokenCount:N0} tokens of {model.Tokenizer!.Name}");
        var validation = Enumerable.Range(0, 8).Select(_ => heldOut.Next()).ToList();
        using var trainer = new Trainer(model, new TrainerOptions { AdamW = new() { Beta2 = 0.99f } });
        for (var step = 1; step <= stepCount; step++)
        {
            trainer.LearningRate = LearningRateAt(step, stepCount);
            var done = trainer.Step(training.Next(), cancellationToken);
            if (step % 100 == 0 || step == stepCount)
            {
                var loss = validation.Average(batch => trainer.ComputeLoss(batch, cancellationToken));
                Console.WriteLine(FormattableString.Invariant(
                    $"step {step,5}  loss {done.Loss:F4}  held out {loss:F4}  rate {done.LearningRate:E1}  ")
                    + FormattableString.Invariant($"{done.TokensPerSecond,8:N0} tokens/s"));
            }
        }

        StoryBatcher Batcher() => new(model.Tokenizer!, BatchSize, model.Configuration.ContextLength, seed);
    }

    private static float LearningRateAt(int step, int stepCount)
    {
        if (step <= WarmUpSteps)
            return PeakLearningRate * step / WarmUpSteps;
        var progress = (step - WarmUpSteps) / (float)Math.Max(1, stepCount - WarmUpSteps);
        return LastLearningRate + ((PeakLearningRate - LastLearningRate) * 0.5f * (1 + MathF.Cos(MathF.PI * progress)));
    }
}
