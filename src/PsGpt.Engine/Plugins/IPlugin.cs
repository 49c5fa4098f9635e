namespace PsGpt.Plugins;

/// <summary>
/// Something that users choose by name: a tokenizer, a file format, an optimizer, a schedule, a sampler. A plug-in assembly is marked
/// with <see cref="PluginInterfaceAttribute"/>, and its plug-ins are public classes with a constructor that takes nothing.
/// </summary>
/// <remarks>
/// A plug-in runs with all rights of the process, as any module does. A class of another assembly is called on a thread of its own, one
/// call after the other, while the caller waits. A call that does not end within half a second of a cancellation, or within a minute, is
/// given up: its thread is left to itself, and the plug-in is not called again in this process.
/// </remarks>
public interface IPlugin
{
    /// <summary>The name that users type; compared without regard to case.</summary>
    string Name { get; }

    /// <summary>One sentence for lists and tab completion.</summary>
    string Description { get; }

    /// <summary>The plug-in's own parameters, with their defaults; most have none.</summary>
    IReadOnlyList<PluginParameter> Parameters => [];
}
