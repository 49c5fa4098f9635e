using System.Collections;
using PsGpt.Formats.Tokenizers;
using PsGpt.Model;
using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Completes the names of the formats that a tokenizer can be written in; those of all where it is not known yet.</summary>
public sealed class WrittenTokenizerFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => TokenizerFormatCatalog.Registry.All;

    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> PluginsBeside(IDictionary parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var tokenizer = PipedTokens.Unwrap(parameters[nameof(Tokenizer)]) switch
        {
            Tokenizer given => given,
            GptModel model => model.Tokenizer,
            string name => TokenizerCatalog.Registry.Find(name)?.Tokenizer ?? TokenizerCatalog.FindByModel(name),
            _ => null,
        };
        return tokenizer is null ? Plugins : TokenizerFormatCatalog.Registry.All.Where(format => format.FindObstacle(tokenizer) is null);
    }
}
