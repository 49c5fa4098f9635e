namespace PsGpt.Plugins;

/// <summary>How much one call of a plug-in may take. It is measured when the call returns.</summary>
/// <param name="Time">The longest time.</param>
/// <param name="Bytes">The most bytes of managed memory that the calling thread may allocate.</param>
internal sealed record PluginLimits(TimeSpan Time, long Bytes)
{
    /// <summary>For what is called again and again: a minute and 1 GiB.</summary>
    public static PluginLimits Default { get; } = new(TimeSpan.FromMinutes(1), 1L << 30);

    /// <summary>For what may take long, such as to read a model.</summary>
    public static PluginLimits None { get; } = new(TimeSpan.MaxValue, long.MaxValue);
}
