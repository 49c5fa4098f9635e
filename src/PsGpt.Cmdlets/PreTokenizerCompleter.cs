using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Completes the names of the ways to split texts.</summary>
public sealed class PreTokenizerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => PreTokenizerCatalog.Registry.All;
}
