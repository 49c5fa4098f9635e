using PsGpt.Plugins;

namespace PsGpt.Training;

/// <summary>The schedules of the learning rate that are known by name.</summary>
public static class ScheduleCatalog
{
    static ScheduleCatalog()
    {
        Registry.Register(new ConstantSchedule());
        Registry.Register(new LinearSchedule());
        Registry.Register(new CosineSchedule());
        Registry.Register(new WarmupStableDecaySchedule());
    }

    /// <summary>All of them; register your own here.</summary>
    public static Registry<ILearningRateSchedule> Registry { get; } = new("schedule", plugin => new GuardedSchedule(plugin));
}
