namespace PsGpt.Plugins;

/// <summary>The values of a plug-in's own parameters: those that were given, and the defaults of the others.</summary>
public sealed class PluginArguments
{
    private readonly Dictionary<string, object> values = new(StringComparer.OrdinalIgnoreCase);

    private PluginArguments()
    {
    }

    /// <summary>Takes the values that a plug-in has parameters for; the others belong to other plug-ins of the same call.</summary>
    /// <param name="plugin">The plug-in.</param>
    /// <param name="given">The values of the call.</param>
    /// <exception cref="GptException"><c>PluginParameterInvalid</c>: a value is not of the parameter's type.</exception>
    public PluginArguments(IPlugin plugin, IReadOnlyList<PluginValue> given)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentNullException.ThrowIfNull(given);
        foreach (var parameter in plugin.Parameters)
        {
            var value = given.LastOrDefault(candidate => IsOf(parameter, candidate));
            values[parameter.Name] = value is null ? parameter.Default : parameter.Parse(value.Value);
        }
    }

    /// <summary>Those of a plug-in without parameters.</summary>
    public static PluginArguments None { get; } = new();

    /// <summary>The value of a parameter.</summary>
    /// <typeparam name="T">The type of the parameter's default.</typeparam>
    /// <exception cref="ArgumentException">The plug-in has no such parameter, or it has another type.</exception>
    public T Get<T>(string name) => values.GetValueOrDefault(name) is T value
        ? value
        : throw new ArgumentException($"The plug-in declares no parameter '{name}' of type {typeof(T).Name}.", nameof(name));

    /// <summary>The value of a parameter, of the type of its default.</summary>
    /// <exception cref="ArgumentException">The plug-in has no such parameter.</exception>
    public object Get(string name) => Get<object>(name);

    /// <summary>Requires that each value belongs to a parameter of one of the plug-ins, and has its type.</summary>
    /// <exception cref="GptException"><c>PluginParameterUnknown</c>, <c>PluginParameterInvalid</c>.</exception>
    public static void Require(IReadOnlyList<PluginValue> given, params IReadOnlyList<IPlugin> plugins)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(plugins);
        List<PluginParameter> known = [.. plugins.SelectMany(plugin => plugin.Parameters)];
        foreach (var value in given)
        {
            var matches = known.FindAll(parameter => IsOf(parameter, value));
            if (matches.Count == 0)
                throw Unknown(value.Name, plugins, known);
            matches.ForEach(parameter => parameter.Parse(value.Value));
        }
    }

    private static bool IsOf(PluginParameter parameter, PluginValue value) =>
        parameter.Name.Equals(value.Name, StringComparison.OrdinalIgnoreCase);

    private static GptException Unknown(string name, IReadOnlyList<IPlugin> plugins, List<PluginParameter> known)
    {
        var names = string.Join(", ", plugins.Select(plugin => $"'{plugin.Name}'"));
        var advice = known.Count == 0 ? "They have none" : $"Use one of: {string.Join(", ", known.Select(parameter => parameter.Name))}";
        return new GptException("PluginParameterUnknown", GptErrorKind.InvalidArgument,
            $"None of the plug-ins {names} has a parameter '{name}'. {advice}.");
    }
}
