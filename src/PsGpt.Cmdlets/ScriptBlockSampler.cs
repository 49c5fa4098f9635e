using System.Globalization;
using System.Management.Automation;
using PsGpt.Generation;

namespace PsGpt.Commands;

/// <summary>
/// A sampler that the user wrote as a script block. It is called with the logits and the tokens so far, on the pipeline's thread, and
/// gives the new logits or changes the array that it got.
/// </summary>
/// <param name="script">The block, <c>{ param($logits, $tokens) … }</c>.</param>
internal sealed class ScriptBlockSampler(ScriptBlock script) : ISampler
{
    public void Apply(Span<float> logits, in SamplingState state)
    {
        var values = logits.ToArray();
        var output = Invoke(values, state.Tokens.ToArray());
        if (output.Count > 0)
            values = [.. output.Select(ToLogit)];
        if (values.Length != logits.Length)
            throw Failed($"gave {values.Length} values for {logits.Length} tokens");
        values.CopyTo(logits);
    }

    private IReadOnlyList<PSObject?> Invoke(float[] logits, int[] tokens)
    {
        try
        {
            return script.Invoke(logits, tokens);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw Failed($"failed: {exception.ErrorRecord}", exception);
        }
    }

    private float ToLogit(PSObject? value) => LanguagePrimitives.TryConvertTo<float>(value, CultureInfo.InvariantCulture, out var logit)
        ? logit
        : throw Failed($"gave '{value}', which is no number");

    private GptException Failed(string problem, Exception? cause = null) => new("SamplerFailed", GptErrorKind.InvalidArgument,
        $"The sampler {{{script.ToString().Trim()}}} {problem}. It is called with the logits and the tokens so far; "
        + "let it give a number for each token, or change the logits in place and give nothing.", cause);
}
