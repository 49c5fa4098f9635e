using System.Globalization;
using System.Management.Automation;
using PsGpt.Generation;

namespace PsGpt.Commands;

/// <summary>
/// A sampler that the user wrote as a script block. It is called with the logits and the tokens so far, on the pipeline's thread, and
/// gives the new logits or changes the array that it got.
/// </summary>
/// <param name="invoke">Calls the block, <c>{ param($logits, $tokens) … }</c>.</param>
/// <param name="failed">The error for what the block did wrong.</param>
internal sealed class ScriptBlockSampler(Func<float[], int[], IReadOnlyList<PSObject?>> invoke, Func<string, Exception> failed) : ISampler
{
    /// <summary>A registered block: its guard names it.</summary>
    public ScriptBlockSampler(PluginBlock block)
        : this((logits, tokens) => block.Invoke(logits, tokens), problem => new InvalidOperationException($"it {problem}"))
    {
    }

    /// <summary>A block that has no name.</summary>
    public ScriptBlockSampler(ScriptBlock script)
        : this((logits, tokens) => Invoke(script, logits, tokens), problem => Failed(script, problem))
    {
    }

    public void Apply(Span<float> logits, in SamplingState state)
    {
        var values = logits.ToArray();
        var output = invoke(values, state.Tokens.ToArray());
        if (output.Count > 0)
            values = [.. output.Select(ToLogit)];
        if (values.Length != logits.Length)
            throw failed($"gave {values.Length} values for {logits.Length} tokens");
        values.CopyTo(logits);
    }

    private static IReadOnlyList<PSObject?> Invoke(ScriptBlock script, float[] logits, int[] tokens)
    {
        try
        {
            return script.Invoke(logits, tokens);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw Failed(script, $"failed: {exception.ErrorRecord}", exception);
        }
    }

    private float ToLogit(PSObject? value) => LanguagePrimitives.TryConvertTo<float>(value, CultureInfo.InvariantCulture, out var logit)
        ? logit
        : throw failed($"gave '{value}', which is no number");

    private static GptException Failed(ScriptBlock script, string problem, Exception? cause = null) => new(
        "SamplerFailed", GptErrorKind.InvalidArgument,
        $"The sampler {{{script.ToString().Trim()}}} {problem}. It is called with the logits and the tokens so far; "
        + "let it give a number for each token, or change the logits in place and give nothing.", cause);
}
