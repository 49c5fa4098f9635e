namespace PsGpt.Plugins;

/// <summary>All plug-ins of one kind by name, where the kind is not known when the code is compiled.</summary>
public interface IRegistry
{
    /// <summary>What error messages call the kind, such as <c>tokenizer</c>.</summary>
    string Kind { get; }

    /// <summary>The type that plug-ins of the kind have.</summary>
    Type PluginType { get; }

    /// <summary>The registered plug-ins as they were given, in the order of their names.</summary>
    IReadOnlyList<IPlugin> Plugins { get; }

    /// <summary>Adds a plug-in. Registering an equal one again changes nothing.</summary>
    /// <exception cref="GptException">
    /// <c>PluginNameTaken</c>: another plug-in has that name. <c>PluginKindMismatch</c>: it is not of the kind.
    /// </exception>
    void Register(IPlugin plugin);

    /// <summary>Removes a plug-in; false where there was none of that name.</summary>
    bool Unregister(string name);
}
