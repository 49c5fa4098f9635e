namespace PsGpt.Plugins;

/// <summary>A plug-in that comes from elsewhere than the assembly of its class, such as one that a script block makes.</summary>
public interface IPluginOrigin
{
    /// <summary>The origin, as lists show it.</summary>
    string Source { get; }

    /// <summary>Equal for plug-ins that are the same: registering one again changes nothing.</summary>
    object Identity { get; }
}
