using System.Globalization;
using System.Management.Automation;
using PsGpt.Charts;

namespace PsGpt.Commands;

/// <summary>
/// Reads the losses of steps into runs: of a <c>TrainingStep</c>, of one that came back from a job, and of the texts that
/// <c>Import-Csv</c> and <c>ConvertFrom-Json</c> make of one.
/// </summary>
internal static class StepReader
{
    /// <exception cref="GptException"><c>NotATrainingStep</c>.</exception>
    public static void Add(LossRuns runs, PSObject input)
    {
        var step = Read(input, "Step");
        var loss = Read(input, "Loss");
        if (step is null || loss is null)
        {
            throw new GptException("NotATrainingStep", GptErrorKind.InvalidArgument,
                $"'{input}' has no {(step is null ? "Step" : "Loss")} that is a number. Give the steps of runs, as " +
                "Start-GptTraining emits them or Import-Csv and ConvertFrom-Json read them.");
        }

        runs.Add(
            PipedTokens.Unwrap(input.Properties["Run"]?.Value)?.ToString(), step.Value, loss.Value,
            Read(input, "ValidationLoss"), Read(input, "InitialValidationLoss"));
    }

    /// <summary>A number, also as a text with a decimal point, with this culture's or with a comma; null where there is none.</summary>
    private static double? Read(PSObject input, string name) => PipedTokens.Unwrap(input.Properties[name]?.Value) switch
    {
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.CurrentCulture, out var number) => number,
        string text when text.Count(character => character == ',') == 1 &&
            double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        IConvertible value and not string and not bool and not char and not DateTime => value.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };
}
