using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>
/// The learning rate of each step of a run: the warm-up, then the schedule, then the caller's own rule if there is one. A run that ends
/// within its warm-up sees nothing of the schedule, as in nanoGPT.
/// </summary>
internal sealed class LearningRatePlan
{
    private readonly ILearningRateSchedule schedule;
    private readonly TrainingRunOptions options;
    private readonly int? stepCount;
    private readonly LearningRateRule? rule;

    /// <param name="stepCount">The steps of the whole run; null if only the time limits it.</param>
    /// <exception cref="GptException"><c>PluginNotFound</c>, <c>TrainingRunOptionsInvalid</c>, <c>LearningRateInvalid</c>.</exception>
    public LearningRatePlan(TrainingRunOptions options, int? stepCount, LearningRateRule? rule)
    {
        var chosen = ScheduleCatalog.Registry.Get(options.Schedule);
        schedule = chosen.With(new PluginArguments(chosen, options.Trainer.PluginParameter));
        (this.options, this.stepCount, this.rule) = (options, stepCount, rule);
        OptionCheck.OfRun.Require(
            !schedule.NeedsEnd || stepCount is not null,
            $"the schedule '{schedule.Name}' lets the learning rate fall towards the end, but neither steps nor epochs say when that is");

        // A rule that fails should do so before the first step.
        _ = RateAt(1);
    }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The number of the step within the run, from 1.</param>
    /// <exception cref="GptException"><c>LearningRateInvalid</c>: the rule's answer is no rate.</exception>
    public float RateAt(int step)
    {
        var scheduled = Scheduled(step);
        var rate = rule?.Invoke(step, scheduled) ?? scheduled;
        if (rate >= 0 && float.IsFinite(rate))
            return rate;
        throw new GptException("LearningRateInvalid", GptErrorKind.InvalidArgument, FormattableString.Invariant(
            $"The schedule gives a learning rate of {rate} for step {step}. It must give a number of 0 or more; ")
            + "the model is as it was before the step.");
    }

    private float Scheduled(int step)
    {
        var peak = options.Trainer.LearningRate;
        var warmup = options.WarmupSteps;
        if (step <= warmup)
            return peak * step / warmup;
        var progress = stepCount is { } count ? (double)(step - 1 - warmup) / (count - warmup) : 0;
        return (float)(options.MinLearningRate + ((peak - options.MinLearningRate) * schedule.FactorAt(progress, options.DecayFraction)));
    }
}
