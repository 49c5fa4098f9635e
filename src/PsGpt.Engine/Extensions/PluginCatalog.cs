using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using PsGpt.Charts;
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Formats.Tokenizers;
using PsGpt.Generation;
using PsGpt.Plugins;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Extensions;

/// <summary>The registries of all kinds: the one way in for plug-ins. Safe to use from several threads.</summary>
public static class PluginCatalog
{
    /// <summary>The source of what the engine brings itself.</summary>
    private const string BuiltInSource = "PsGpt";

    private static readonly Dictionary<PluginKind, IRegistry> Registries = new()
    {
        [PluginKind.Tokenizer] = TokenizerCatalog.Registry,
        [PluginKind.TextSplitter] = PreTokenizerCatalog.Registry,
        [PluginKind.ModelFormat] = ModelFormatCatalog.Registry,
        [PluginKind.TokenizerFormat] = TokenizerFormatCatalog.Registry,
        [PluginKind.Optimizer] = OptimizerCatalog.Registry,
        [PluginKind.Schedule] = ScheduleCatalog.Registry,
        [PluginKind.Sampler] = SamplerCatalog.Registry,
        [PluginKind.BatchSource] = BatchSourceCatalog.Registry,
        [PluginKind.StepObserver] = StepObserverCatalog.Registry,
        [PluginKind.Chart] = ChartCatalog.Registry,
    };

    // The others are kept in files by their name alone, or are found by what a file holds: a value would be lost on the way.
    private static readonly HashSet<PluginKind> TakeParameters =
        [PluginKind.Optimizer, PluginKind.Schedule, PluginKind.Sampler, PluginKind.BatchSource, PluginKind.StepObserver];

    private static readonly ConditionalWeakTable<IPlugin, ConcurrentDictionary<PluginKind, PluginInfo>> Described = [];

    /// <summary>All plug-ins as they are at this moment, by kind and name.</summary>
    public static IReadOnlyList<PluginInfo> All =>
        [.. Registries.SelectMany(pair => pair.Value.Plugins.Select(plugin => Describe(pair.Key, plugin)))];

    /// <summary>The kinds that a class belongs to; usually one.</summary>
    public static IReadOnlyList<PluginKind> KindsOf(Type type) =>
        [.. Registries.Where(pair => pair.Value.PluginType.IsAssignableFrom(type)).Select(pair => pair.Key)];

    /// <summary>Adds a plug-in. Registering an equal one again changes nothing.</summary>
    /// <exception cref="GptException">
    /// <c>PluginNameTaken</c>, <c>PluginKindMismatch</c>; <c>PluginInvalid</c>: it has parameters, which plug-ins of its kind cannot have.
    /// </exception>
    public static PluginInfo Register(PluginKind kind, IPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        var info = Describe(kind, plugin);
        if (info.Parameters.Count > 0 && !TakeParameters.Contains(kind))
        {
            throw new GptException("PluginInvalid", GptErrorKind.InvalidArgument,
                $"The {Registries[kind].Kind} '{info.Name}' has the parameter '{info.Parameters[0].Name}'. Plug-ins of its kind have none, "
                + "because files name them without values. Make a plug-in with a name of its own for each value.");
        }

        Registries[kind].Register(plugin);
        return info;
    }

    /// <summary>The plug-in itself, or null where there is none of that name.</summary>
    internal static IPlugin? Find(PluginKind kind, string name) =>
        Registries[kind].Plugins.FirstOrDefault(plugin => plugin.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds a plug-in.</summary>
    /// <exception cref="GptException"><c>PluginNotFound</c>.</exception>
    public static PluginInfo Get(PluginKind kind, string name) =>
        All.FirstOrDefault(plugin => plugin.Kind == kind && plugin.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw MissingPlugin.Named(Registries[kind].Kind, name, Registries[kind].Plugins);

    /// <summary>Removes a plug-in. An object that uses it already keeps it.</summary>
    /// <exception cref="GptException"><c>PluginNotFound</c>; <c>PluginBuiltIn</c>: the engine itself needs it.</exception>
    public static void Unregister(PluginKind kind, string name)
    {
        if (Get(kind, name).IsBuiltIn)
        {
            throw new GptException("PluginBuiltIn", GptErrorKind.NotSupported,
                $"The {Registries[kind].Kind} '{name}' belongs to PsGpt and stays. Only plug-ins that were added can be removed.");
        }

        Registries[kind].Unregister(name);
    }

    // Asked for once: a list of plug-ins must not fail because one of them does.
    private static PluginInfo Describe(PluginKind kind, IPlugin plugin) =>
        Described.GetValue(plugin, _ => []).GetOrAdd(kind, _ => Ask(kind, plugin));

    private static PluginInfo Ask(PluginKind kind, IPlugin plugin)
    {
        var guard = new PluginGuard(Registries[kind].Kind, plugin.Name, PluginGuard.StaysOnThread(plugin));
        return new PluginInfo
        {
            Name = plugin.Name,
            Kind = kind,
            Source = SourceOf(plugin),
            Description = guard.Get(() => plugin.Description),
            Parameters = guard.Get(() => Array.AsReadOnly([.. plugin.Parameters])),
            IsBuiltIn = IsBuiltIn(plugin),
        };
    }

    private static string SourceOf(IPlugin plugin) => plugin switch
    {
        IPluginOrigin origin => origin.Source,
        _ when IsBuiltIn(plugin) => BuiltInSource,
        _ => AssemblyOf(plugin).GetName().Name ?? "",
    };

    private static bool IsBuiltIn(IPlugin plugin) => AssemblyOf(plugin) == typeof(PluginCatalog).Assembly;

    private static Assembly AssemblyOf(IPlugin plugin) => plugin is NamedPlugin named ? named.Origin : PluginGuard.AssemblyOf(plugin);
}
