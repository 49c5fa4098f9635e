namespace PsGpt.Plugins;

/// <summary>A value for a parameter of a plug-in, as a checkpoint can hold it.</summary>
/// <param name="Name">The name of the parameter.</param>
/// <param name="Value">The value as text of the invariant culture.</param>
public sealed record PluginValue(string Name, string Value);
