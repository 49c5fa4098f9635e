namespace PsGpt.Plugins;

/// <summary>
/// All plug-ins of one kind by name. The built-in ones are registered here as those of other assemblies are.
/// Safe to use from several threads.
/// </summary>
/// <typeparam name="TPlugin">The kind of plug-in.</typeparam>
/// <param name="kind">The word for the kind in error messages, such as <c>tokenizer</c>.</param>
/// <param name="guard">
/// Wraps a plug-in of another assembly, so that its failures name it; null if the objects that it makes are wrapped instead.
/// </param>
public sealed class Registry<TPlugin>(string kind, Func<TPlugin, TPlugin>? guard = null) : IRegistry
    where TPlugin : class, IPlugin
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> plugins = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public string Kind => kind;

    /// <inheritdoc/>
    public Type PluginType => typeof(TPlugin);

    /// <summary>The registered plug-ins in the order of their names, as they are at this moment.</summary>
    public IReadOnlyList<TPlugin> All
    {
        get
        {
            lock (gate)
                return [.. InOrder.Select(plugin => plugin.Used)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IPlugin> Plugins
    {
        get
        {
            lock (gate)
                return [.. InOrder.Select(plugin => plugin.Given)];
        }
    }

    private IEnumerable<Entry> InOrder => plugins.Values.OrderBy(plugin => plugin.Given.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a plug-in. Registering an equal one again changes nothing.</summary>
    /// <exception cref="GptException"><c>PluginNameTaken</c>: another plug-in has that name.</exception>
    public void Register(TPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentException.ThrowIfNullOrWhiteSpace(plugin.Name);
        var used = guard is not null && PluginGuard.IsForeign(plugin) ? guard(plugin) : plugin;
        lock (gate)
        {
            if (plugins.TryAdd(plugin.Name, new(plugin, used)) || AreSame(plugins[plugin.Name].Given, plugin))
                return;
        }

        throw new GptException("PluginNameTaken", GptErrorKind.AlreadyExists,
            $"Another {kind} is registered as '{plugin.Name}'. Choose another name, or unregister that one first.");
    }

    private static bool AreSame(TPlugin one, TPlugin other) =>
        ReferenceEquals(one, other) || (one is IPluginOrigin left && other is IPluginOrigin right && left.Identity.Equals(right.Identity));

    /// <inheritdoc/>
    void IRegistry.Register(IPlugin plugin) => Register(plugin as TPlugin ?? throw new GptException(
        "PluginKindMismatch", GptErrorKind.InvalidArgument,
        $"The plug-in '{plugin.Name}' is no {kind}: it is not of the type {typeof(TPlugin)}. Give its own kind."));

    /// <summary>Removes a plug-in; false if there was none of that name.</summary>
    public bool Unregister(string name)
    {
        lock (gate)
            return plugins.Remove(name);
    }

    /// <summary>Finds a plug-in by name, or null.</summary>
    public TPlugin? Find(string name)
    {
        lock (gate)
            return plugins.GetValueOrDefault(name)?.Used;
    }

    /// <summary>Finds a plug-in by name.</summary>
    /// <exception cref="GptException"><c>PluginNotFound</c>: no plug-in has that name; the message lists the names.</exception>
    public TPlugin Get(string name) =>
        Find(name) ?? throw MissingPlugin.Named(kind, name, All);

    /// <summary>A plug-in as it was given, and as it is used: wrapped, where it is of another assembly.</summary>
    private sealed record Entry(TPlugin Given, TPlugin Used);
}
