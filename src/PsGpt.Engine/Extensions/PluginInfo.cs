using PsGpt.Plugins;

namespace PsGpt.Extensions;

/// <summary>A registered plug-in.</summary>
/// <param name="Name">The name that users type.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Source">The assembly that brought it, or <c>ScriptBlock</c>.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Parameters">Its own parameters, with their defaults.</param>
public sealed record PluginInfo(
    string Name, PluginKind Kind, string Source, string Description, IReadOnlyList<PluginParameter> Parameters)
{
    /// <summary>Whether it belongs to the engine, and so cannot be unregistered.</summary>
    public bool IsBuiltIn { get; init; }
}
