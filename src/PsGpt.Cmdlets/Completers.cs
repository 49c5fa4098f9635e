using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Formats.TokenFiles;
using PsGpt.Formats.Tokenizers;
using PsGpt.Generation;
using PsGpt.Plugins;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Completes the names of batch sources.</summary>
public sealed class BatchSourceCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => BatchSourceCatalog.Registry.All;
}

/// <summary>Completes the names of model file formats.</summary>
public sealed class ModelFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => ModelFormatCatalog.Registry.All;
}

/// <summary>Completes the names of optimizers.</summary>
public sealed class OptimizerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => OptimizerCatalog.Registry.All;
}

/// <summary>Completes the names of the ways to split texts.</summary>
public sealed class PreTokenizerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => PreTokenizerCatalog.Registry.All;
}

/// <summary>Completes the names of registered samplers; the built-in ones have parameters of their own.</summary>
public sealed class SamplerCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => SamplerCatalog.Registry.All
        .ExceptBy([.. SamplerCatalog.Processors, .. SamplerCatalog.Warpers], plugin => plugin.Name);
}

/// <summary>Completes the names of learning-rate schedules.</summary>
public sealed class ScheduleCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => ScheduleCatalog.Registry.All;
}

/// <summary>Completes the names of observers of steps.</summary>
public sealed class StepObserverCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => StepObserverCatalog.Registry.All;
}

/// <summary>Completes the names of token file formats.</summary>
public sealed class TokenFileFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => TokenFileFormat.Registry.All;
}

/// <summary>Completes the names of tokenizer formats.</summary>
public sealed class TokenizerFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<IPlugin> Plugins => TokenizerFormatCatalog.Registry.All;
}
