using PsGpt.Formats.TokenFiles;
using PsGpt.Plugins;

namespace PsGpt.Commands;

/// <summary>Completes the names of token file formats.</summary>
public sealed class TokenFileFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => TokenFileFormat.Registry.All;
}
