using System.Management.Automation;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>Learning rates that a user's script block decides.</summary>
/// <param name="block">Takes the number of the step, from 1, and the rate that the run would take by itself; gives the rate.</param>
internal sealed class ScheduleBlock(ScriptBlock block)
{
    /// <summary>The rule for a run, or null where a schedule has a name.</summary>
    public static LearningRateRule? RuleOf(object schedule) => schedule is ScriptBlock block ? new ScheduleBlock(block).RateAt : null;

    private float RateAt(int step, float scheduled)
    {
        try
        {
            var results = block.Invoke(step, scheduled);
            return results is [{ } result] && Number(result.BaseObject) is { } rate
                ? rate
                : throw Problem(step, $"gives {Describe(results)} instead of one number");
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw Problem(step, $"fails: {exception.Message}", exception);
        }
    }

    /// <summary>Texts are no rates, though PowerShell would make numbers of some: what comes as text was not meant as one.</summary>
    private static float? Number(object value) =>
        value is IConvertible number and not (string or char or bool or DateTime)
            ? number.ToSingle(System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static string Describe(ICollection<PSObject> results) => results.Count switch
    {
        0 => "nothing",
        1 => $"'{results.First()}'",
        _ => $"{results.Count} values",
    };

    private static GptException Problem(int step, string problem, Exception? inner = null) => new(
        "ScheduleInvalid", GptErrorKind.InvalidArgument,
        $"The block of -Schedule {problem}, for step {step}. It must give a learning rate: "
        + "{ param($step, $default) $default * 0.5 }.", inner);
}
