using System.Collections.Concurrent;

namespace PsGpt.Plugins;

/// <summary>What this process remembers of a plug-in, whichever guard calls it.</summary>
internal sealed class PluginRecord
{
    private static readonly ConcurrentDictionary<string, PluginRecord> All = new(StringComparer.OrdinalIgnoreCase);
    private static int lostCount;

    private volatile bool isLost;
    private int hasWritten;

    /// <summary>How many plug-ins were lost so far.</summary>
    public static int LostCount => Volatile.Read(ref lostCount);

    /// <summary>Whether a call of it never returned: its thread may still run, so it is not called again.</summary>
    public bool IsLost => isLost;

    /// <summary>The record of a plug-in.</summary>
    /// <param name="subject">Kind and name, such as <c>sampler 'no-digits'</c>.</param>
    public static PluginRecord Of(string subject) => All.GetOrAdd(subject, _ => new PluginRecord());

    /// <summary>Remembers that a call never returned.</summary>
    public void Lose()
    {
        isLost = true;
        Interlocked.Increment(ref lostCount);
    }

    /// <summary>Remembers that it wrote to the console, on any of its threads.</summary>
    public void NoteWrite() => Volatile.Write(ref hasWritten, 1);

    /// <summary>Whether it wrote since this was asked last.</summary>
    public bool TakeWrite() => Interlocked.Exchange(ref hasWritten, 0) != 0;
}
