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

    /// <summary>The assembly that the plug-in comes from: that of its class or, where the class is the engine's, of its code.</summary>
    internal Assembly Origin => PluginGuard.AssemblyOf(PluginGuard.IsForeign(this) ? this : Code);

    /// <summary>What makes the objects of the plug-in: a delegate, or the plug-in itself.</summary>
    private protected virtual object Code => this;
}
