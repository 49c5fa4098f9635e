namespace PsGpt.Plugins;

/// <summary>The error for a name that no plug-in of a kind has.</summary>
internal static class MissingPlugin
{
    /// <summary>An error that lists the names that there are.</summary>
    /// <param name="kind">The word for the kind, such as <c>tokenizer</c>.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="plugins">All plug-ins of the kind.</param>
    public static GptException Named(string kind, string name, IEnumerable<IPlugin> plugins) => new(
        "PluginNotFound", GptErrorKind.NotFound,
        $"There is no {kind} named '{name}'. Use one of: {string.Join(", ", plugins.Select(plugin => plugin.Name))}.");
}
