namespace PsGpt.Plugins;

/// <summary>The time and the memory that one call of a plug-in may take.</summary>
/// <param name="Time">The maximum time.</param>
/// <param name="Bytes">
/// The maximum number of bytes of managed memory that its thread may allocate, and that the heap may grow by while it runs; in any case
/// half of the memory that there is.
/// </param>
internal sealed record PluginLimits(TimeSpan Time, long Bytes)
{
    /// <summary>For calls that are repeated: a minute and 1 GiB.</summary>
    public static PluginLimits Default { get; } = new(TimeSpan.FromMinutes(1), 1L << 30);

    /// <summary>For calls that may take long, such as reading a model.</summary>
    public static PluginLimits None { get; } = new(TimeSpan.MaxValue, long.MaxValue);
}
