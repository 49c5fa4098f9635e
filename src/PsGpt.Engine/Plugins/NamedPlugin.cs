using System.Reflection;

namespace PsGpt.Plugins;

/// <summary>A plug-in whose name, description and parameters are values.</summary>
/// <param name="name">The name that users type.</param>
/// <param name="description">One sentence for lists and tab completion.</param>
public abstract class NamedPlugin(string name, string description) : IPlugin
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Description { get; } = description;

    /// <inheritdoc/>
    public IReadOnlyList<PluginParameter> Parameters { get; init; } = [];

    /// <summary>The assembly that the plug-in comes from.</summary>
    internal virtual Assembly Origin => GetType().Assembly;
}
