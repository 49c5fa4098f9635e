using PsGpt.Formats.Tokenizers;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>Completes the names of tokenizer formats.</summary>
public sealed class TokenizerFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => TokenizerFormatCatalog.Registry.All;
}
