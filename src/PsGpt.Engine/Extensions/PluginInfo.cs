using PsGpt.Plugins;

namespace PsGpt.Extensions;

/// <summary>A registered plug-in.</summary>
public sealed class PluginInfo
{
    /// <summary>The name that users type.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The kind.</summary>
    public PluginKind Kind { get; internal init; }

    /// <summary>The assembly that brought it, or <c>ScriptBlock</c>.</summary>
    public string Source { get; internal init; } = "";

    /// <summary>One sentence.</summary>
    public string Description { get; internal init; } = "";

    /// <summary>Its own parameters, with their defaults.</summary>
    public IReadOnlyList<PluginParameter> Parameters { get; internal init; } = [];

    /// <summary>Whether it belongs to the engine, and so cannot be unregistered.</summary>
    public bool IsBuiltIn { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} '{Name}'";
}
