using System.Management.Automation;
using PsGpt.Data;
using PsGpt.Extensions;
using PsGpt.Generation;
using PsGpt.Plugins;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>The plug-ins that script blocks can be.</summary>
internal static class BlockPlugins
{
    /// <summary>The kinds, with the values that each passes to a block.</summary>
    public static IReadOnlyDictionary<PluginKind, string[]> Passed { get; } = new Dictionary<PluginKind, string[]>
    {
        [PluginKind.Sampler] = ["logits", "tokens"],
        [PluginKind.Schedule] = ["progress", "decayFraction"],
        [PluginKind.StepObserver] = ["observation"],
        [PluginKind.BatchSource] = ["tokenCount", "batchSize", "sequenceLength", "number"],
        [PluginKind.TextSplitter] = ["text", "isEnd"],
    };

    /// <summary>A plug-in from a block.</summary>
    /// <exception cref="GptException"><c>PluginInvalid</c>, <c>PluginKindNoBlock</c>.</exception>
    public static IPlugin Create(PluginKind kind, string name, string? description, ScriptBlock script)
    {
        if (!Passed.TryGetValue(kind, out var passed))
        {
            throw new GptException("PluginKindNoBlock", GptErrorKind.NotSupported,
                $"A {kind} cannot be a script block: it would be too slow, or needs several methods. Write a class, and register its "
                + $"assembly. Blocks can be: {string.Join(", ", Passed.Keys)}.");
        }

        var block = new PluginBlock(kind, name, description ?? "A script block.", script, passed.Length);
        return kind switch
        {
            PluginKind.Sampler => new BlockSampler(block),
            PluginKind.Schedule => new BlockSchedule(block),
            PluginKind.StepObserver => new BlockStepObserver(block),
            PluginKind.BatchSource => new BlockBatchSource(block),
            _ => new BlockTextSplitter(block),
        };
    }

    private sealed class BlockSampler : SamplerPlugin, IPluginOrigin
    {
        public BlockSampler(PluginBlock block)
            : base(block.Name, block.Description, setup => new ScriptBlockSampler(block.With(setup.Arguments))) =>
            (Identity, Parameters) = (block.Identity, block.Parameters);

        public object Identity { get; }

        public string Source => nameof(ScriptBlock);
    }

    private sealed class BlockStepObserver : StepObserverPlugin, IPluginOrigin
    {
        public BlockStepObserver(PluginBlock block)
            : base(block.Name, block.Description, setup => new ScriptBlockObserver(block.With(setup.Arguments))) =>
            (Identity, Parameters) = (block.Identity, block.Parameters);

        public object Identity { get; }

        public string Source => nameof(ScriptBlock);
    }

    private sealed class BlockBatchSource : BatchSourcePlugin, IPluginOrigin
    {
        public BlockBatchSource(PluginBlock block)
            : base(block.Name, block.Description, setup => new ScriptBlockLoader(block.With(setup.Arguments), setup)) =>
            (Identity, Parameters) = (block.Identity, block.Parameters);

        public object Identity { get; }

        public string Source => nameof(ScriptBlock);
    }

    private sealed class BlockSchedule(PluginBlock block) : ILearningRateSchedule, IPluginOrigin
    {
        public string Name => block.Name;

        public string Description => block.Description;

        public IReadOnlyList<PluginParameter> Parameters => block.Parameters;

        public object Identity => block.Identity;

        public string Source => nameof(ScriptBlock);

        public bool NeedsEnd => true;

        public ILearningRateSchedule With(PluginArguments arguments) => new BlockSchedule(block.With(arguments));

        public double FactorAt(double progress, double decayFraction) => block.InvokeForNumber(progress, decayFraction);
    }

    private sealed class BlockTextSplitter(PluginBlock block) : IPreTokenizer, IPluginOrigin
    {
        public string Name => block.Name;

        public string Description => block.Description;

        public IReadOnlyList<PluginParameter> Parameters => block.Parameters;

        public object Identity => block.Identity;

        public string Source => nameof(ScriptBlock);

        public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd) => checked((int)block.InvokeForNumber(text.ToString(), isEnd));
    }
}
