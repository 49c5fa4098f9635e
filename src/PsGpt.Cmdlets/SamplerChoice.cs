using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PsGpt.Generation;
using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Turns values of <c>-Sampler</c> and <c>-LogitBias</c> into what the engine takes.</summary>
internal static class SamplerChoice
{
    /// <summary>The samplers that the user gave, in their order; checks the names, and the values for their parameters.</summary>
    /// <exception cref="GptException">
    /// <c>SamplingInvalid</c>, <c>PluginNotFound</c>, <c>PluginParameterUnknown</c>, <c>PluginParameterInvalid</c>.
    /// </exception>
    public static IReadOnlyList<OwnSampler> From(object[] given, PluginValue[] parameters)
    {
        List<OwnSampler> samplers = [.. given.Select(Of)];
        SamplerChain.Of(new SamplingOptions { Sampler = samplers, PluginParameter = parameters });
        return samplers;
    }

    /// <summary>A sampler from a script block, a sampler or a name.</summary>
    /// <exception cref="GptException"><c>SamplingInvalid</c>.</exception>
    private static OwnSampler Of(object sampler) => (sampler is PSObject wrapped ? wrapped.BaseObject : sampler) switch
    {
        ScriptBlock script => OwnSampler.Of(new ScriptBlockSampler(script)),
        ISampler own => OwnSampler.Of(Guarded(own)),
        string name => OwnSampler.Named(name),
        var other => throw Invalid(
            $"A value of type {other.GetType().FullName} is no sampler. "
            + "Give a block { param($logits, $tokens) … }, or the name of a sampler."),
    };

    private static GuardedSampler Guarded(ISampler own)
    {
        PluginConsole.Watch();
        return new GuardedSampler(own, new PluginGuard("sampler", own.GetType().Name, own.GetType().Assembly.IsDynamic));
    }

    /// <summary>The biases of a table whose keys are texts or token ids.</summary>
    /// <exception cref="GptException"><c>SamplingInvalid</c>, <c>TextOutsideVocabulary</c>.</exception>
    public static IReadOnlyList<SequenceBias> Biases(Hashtable? table, Tokenizer tokenizer) =>
        table is null ? [] : [.. table.Cast<DictionaryEntry>().Select(entry => ToBias(entry, tokenizer))];

    private static SequenceBias ToBias(DictionaryEntry entry, Tokenizer tokenizer)
    {
        if (!LanguagePrimitives.TryConvertTo<float>(entry.Value, CultureInfo.InvariantCulture, out var bias))
            throw Invalid($"The logit bias of '{entry.Key}' is '{entry.Value}'. Give a number such as -5.");
        if (entry.Key is string text)
            return new SequenceBias(tokenizer.Encode(text), bias);
        var isId = LanguagePrimitives.TryConvertTo<int>(entry.Key, CultureInfo.InvariantCulture, out var id);
        var last = tokenizer.VocabularySize - 1;
        return isId && id >= 0 && id <= last
            ? new SequenceBias([id], bias)
            : throw Invalid($"The logit bias of '{entry.Key}' has no token. Give a text, or a token id from 0 to {last}.");
    }

    private static GptException Invalid(string problem) => new("SamplingInvalid", GptErrorKind.InvalidArgument, problem);
}
