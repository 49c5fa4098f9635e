using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Completes the names of tokenizers.</summary>
public sealed class TokenizerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => TokenizerCatalog.Registry.All;
}
