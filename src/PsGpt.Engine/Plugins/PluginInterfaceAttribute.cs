namespace PsGpt.Plugins;

/// <summary>
/// Marks an assembly of plug-ins with the version of the interfaces that it was compiled for:
/// <c>[assembly: PluginInterface(PluginInterfaceAttribute.Current)]</c>.
/// </summary>
/// <param name="version">The major version.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PluginInterfaceAttribute(int version) : Attribute
{
    /// <summary>The major version of the interfaces in this engine. It changes where a plug-in must be changed.</summary>
    public const int Current = 1;

    /// <summary>The major version that the assembly was compiled for.</summary>
    public int Version { get; } = version;
}
