namespace PsGpt.Plugins;

/// <summary>
/// All plug-ins of one kind by name. The built-in ones register themselves here exactly as a stranger's would.
/// Safe to use from several threads.
/// </summary>
/// <typeparam name="TPlugin">The kind of plug-in.</typeparam>
/// <param name="kind">What error messages call the kind, such as <c>tokenizer</c>.</param>
public sealed class Registry<TPlugin>(string kind)
    where TPlugin : class, IPlugin
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, TPlugin> plugins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The registered plug-ins in the order of their names, as they are at this moment.</summary>
    public IReadOnlyList<TPlugin> All
    {
        get
        {
            lock (gate)
                return [.. plugins.Values];
        }
    }

    /// <summary>Adds a plug-in. Registering the same object again changes nothing.</summary>
    /// <exception cref="GptException"><c>PluginNameTaken</c>: another plug-in has that name.</exception>
    public void Register(TPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentException.ThrowIfNullOrWhiteSpace(plugin.Name);
        lock (gate)
        {
            if (plugins.TryAdd(plugin.Name, plugin) || ReferenceEquals(plugins[plugin.Name], plugin))
                return;
        }

        throw new GptException("PluginNameTaken", GptErrorKind.AlreadyExists,
            $"Another {kind} is registered as '{plugin.Name}'. Choose another name, or unregister that one first.");
    }

    /// <summary>Removes a plug-in; false where there was none of that name.</summary>
    public bool Unregister(string name)
    {
        lock (gate)
            return plugins.Remove(name);
    }

    /// <summary>Finds a plug-in by name, or null.</summary>
    public TPlugin? Find(string name)
    {
        lock (gate)
            return plugins.GetValueOrDefault(name);
    }

    /// <summary>Finds a plug-in by name.</summary>
    /// <exception cref="GptException"><c>PluginNotFound</c>: no plug-in has that name; the message lists those there are.</exception>
    public TPlugin Get(string name) =>
        Find(name) ?? throw new GptException("PluginNotFound", GptErrorKind.NotFound,
            $"There is no {kind} named '{name}'. Use one of: {string.Join(", ", All.Select(plugin => plugin.Name))}.");
}
