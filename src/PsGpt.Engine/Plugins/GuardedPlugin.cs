namespace PsGpt.Plugins;

/// <summary>A plug-in of another assembly, which is called through a guard: where it fails, the error names it.</summary>
/// <typeparam name="TPlugin">The kind of plug-in.</typeparam>
/// <param name="inner">The plug-in.</param>
/// <param name="kind">What error messages call the kind, such as <c>tokenizer format</c>.</param>
/// <param name="limits">What a call may take; null for <see cref="PluginLimits.Default"/>.</param>
internal abstract class GuardedPlugin<TPlugin>(TPlugin inner, string kind, PluginLimits? limits = null) : IPlugin
    where TPlugin : IPlugin
{
    /// <inheritdoc/>
    public string Name { get; } = inner.Name;

    /// <inheritdoc/>
    public string Description => Guard.Get(() => Inner.Description);

    /// <inheritdoc/>
    public IReadOnlyList<PluginParameter> Parameters => Guard.Get(() => Inner.Parameters);

    /// <summary>The plug-in, to be called through <see cref="Guard"/>.</summary>
    protected TPlugin Inner { get; } = inner;

    /// <summary>Knows the name of the plug-in.</summary>
    protected PluginGuard Guard { get; } = new(
        kind, inner.Name, limits ?? PluginLimits.Default, PluginGuard.StaysOnThread(inner));
}
