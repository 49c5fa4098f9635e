using PsGpt.Extensions;

namespace PsGpt.Unit;

/// <summary>The plug-ins of the engine itself: other tests register some of their own meanwhile.</summary>
internal static class BuiltInPlugins
{
    public static IEnumerable<string> Names(PluginKind kind) =>
        from plugin in PluginCatalog.All
        where plugin.Kind == kind && plugin.IsBuiltIn
        select plugin.Name;
}
