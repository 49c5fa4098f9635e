using PsGpt.Generation;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>Completes the names of registered samplers; the built-in ones have parameters of their own.</summary>
public sealed class SamplerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => SamplerCatalog.Registry.All
        .ExceptBy([.. SamplerCatalog.Processors, .. SamplerCatalog.Warpers], plugin => plugin.Name);
}
