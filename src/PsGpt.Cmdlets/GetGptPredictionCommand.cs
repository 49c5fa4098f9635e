using System.Management.Automation;
using PsGpt.Generation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>Gets the likeliest next tokens at each position of a text, with their probabilities.</summary>
/// <remarks>
/// <para>The probabilities are the model's own, before any sampler or temperature.</para>
/// <para>
/// With <see cref="Layer"/> the model is read out after an earlier layer: the final norm and the head are applied to the residual
/// stream there (the logit lens). So one sees in which layer an answer takes shape.
/// </para>
/// </remarks>
[Cmdlet(VerbsCommon.Get, "GptPrediction", DefaultParameterSetName = TextSet)]
[OutputType(typeof(TokenPrediction))]
public sealed class GetGptPredictionCommand : InspectionCmdlet
{
    /// <summary>How many tokens for each position.</summary>
    [Parameter]
    [WholeNumber(1)]
    public int Top { get; set; } = 5;

    /// <summary>The layers to read out, the first being 0; the last one, which is the model's answer, unless they are given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [WholeNumber]
    public int[]? Layer { get; set; }

    private protected override void Inspect(GptModel model, int[] tokens) =>
        WriteObject(TokenPrediction.Compute(model, tokens, Top, Layer, StopToken), enumerateCollection: true);
}
