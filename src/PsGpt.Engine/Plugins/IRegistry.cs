namespace PsGpt.Plugins;

/// <summary>All plug-ins of one kind by name, for code that does not know the kind when it is compiled.</summary>
public interface IRegistry
{
    /// <summary>The word for the kind in error messages, such as <c>tokenizer</c>.</summary>
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

    /// <summary>Removes a plug-in; false if there was none of that name.</summary>
    bool Unregister(string name);
}
