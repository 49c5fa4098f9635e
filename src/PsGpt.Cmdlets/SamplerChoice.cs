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
    /// <summary>Divides what the user gave into samplers and names; checks the names, and the values for their parameters.</summary>
    /// <exception cref="GptException">
    /// <c>SamplingInvalid</c>, <c>PluginNotFound</c>, <c>PluginParameterUnknown</c>, <c>PluginParameterInvalid</c>.
    /// </exception>
    public static (List<ISampler> Samplers, List<string> Names) Divide(object[] given, PluginValue[] parameters)
    {
        List<string> names = [.. given.Select(sampler => sampler is PSObject wrapped ? wrapped.BaseObject : sampler).OfType<string>()];
        SamplerChain.Of(new SamplingOptions { Sampler = names, PluginParameter = parameters });
        return ([.. given.Select(Of).OfType<ISampler>()], names);
    }

    /// <summary>A sampler from a script block or a sampler; null where it is a name, which the engine knows.</summary>
    /// <exception cref="GptException"><c>SamplingInvalid</c>.</exception>
    private static ISampler? Of(object sampler) => (sampler is PSObject wrapped ? wrapped.BaseObject : sampler) switch
    {
        ScriptBlock script => new ScriptBlockSampler(script),
        ISampler own => new GuardedSampler(own, new PluginGuard("sampler", own.GetType().Name)),
        string => null,
        var other => throw Invalid(
            $"A value of type {other.GetType().FullName} is no sampler. "
            + "Give a block { param($logits, $tokens) … }, or the name of a sampler."),
    };

    /// <summary>The biases of a table whose keys are texts or token ids.</summary>
    /// <exception cref="GptException"><c>SamplingInvalid</c>, <c>TextOutsideVocabulary</c>.</exception>
    public static IReadOnlyList<SequenceBias> Biases(Hashtable? table, Tokenizer tokenizer) =>
        [.. (table ?? []).Cast<DictionaryEntry>().Select(entry => ToBias(entry, tokenizer))];

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
