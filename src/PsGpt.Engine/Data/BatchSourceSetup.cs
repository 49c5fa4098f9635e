using PsGpt.Plugins;

namespace PsGpt.Data;

/// <summary>The text and the shape that a data loader is made for.</summary>
/// <param name="Tokens">The ids to train on.</param>
/// <param name="BatchSize">B, the rows of a batch.</param>
/// <param name="SequenceLength">T, the ids of a row.</param>
/// <param name="Seed">The seed of the run.</param>
public sealed record BatchSourceSetup(ITokenSource Tokens, int BatchSize, int SequenceLength, ulong Seed)
{
    /// <summary>The number of ids that the model knows, V.</summary>
    public int VocabularySize { get; init; } = int.MaxValue;

    /// <summary>The values of the plug-ins' own parameters in this run.</summary>
    public IReadOnlyList<PluginValue> PluginParameter { get; init; } = [];

    /// <summary>The values of this batch source's own parameters.</summary>
    public PluginArguments Arguments { get; internal init; } = PluginArguments.None;
}
