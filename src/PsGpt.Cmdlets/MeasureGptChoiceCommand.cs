using System.Management.Automation;
using PsGpt.Evaluation;
using PsGpt.Formats.Choices;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>Lets a model answer questions of multiple choice, and counts the right answers of each file.</summary>
/// <remarks>
/// <para>
/// Files are llm.c's evaluation files (hellaswag_val.bin) or HellaSwag's lines of JSON: {"ctx": …, "endings": […], "label": 0}. The model
/// reads the context with each ending; the ending with the lowest loss is its answer.
/// </para>
/// <para>
/// Accuracy counts the lowest sum of the losses, NormalizedAccuracy the lowest mean for each token. llm.c reports the second. Where an
/// example is longer than the model's context, the beginning of its context is left out.
/// </para>
/// </remarks>
[Cmdlet(VerbsDiagnostic.Measure, "GptChoice", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ChoiceSummary), typeof(ChoiceScore))]
public sealed class MeasureGptChoiceCommand : FileCmdlet
{
    private ChoiceScorer? scorer;
    private GptModel? model;

    /// <summary>The model, its path or its name on the hub; the built-in one unless it is given.</summary>
    [Parameter]
    [ValidateNotNull]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    public GptModel? Model { get; set; }

    /// <summary>The tokenizer that the model speaks instead of its own: the object, its name or the path of its file.</summary>
    [Parameter]
    [ValidateNotNull]
    [TokenizerTransformation]
    [ArgumentCompleter(typeof(TokenizerCompleter))]
    public Tokenizer? Tokenizer { get; set; }

    /// <summary>Gives the answer to each example instead of the count of a file.</summary>
    [Parameter]
    public SwitchParameter PerExample { get; set; }

    /// <inheritdoc/>
    protected override void Begin() => scorer = new ChoiceScorer(model = new ModelChoice(this).Of(Model, Tokenizer));

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var file in Files)
            Attempt(file, () => Measure(file));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => scorer?.Dispose();

    private void Measure(string file)
    {
        var summary = new ChoiceSummary(file);
        using var progress = new ProgressReport(this, $"Measuring {System.IO.Path.GetFileName(file)}", isOftenShort: true);
        foreach (var score in scorer!.Score(ChoiceFile.Read(file, model!.Tokenizer), StopToken))
        {
            summary.Add(score);
            progress.Update(0, () => $"{summary}");
            if (PerExample)
                WriteObject(score);
        }

        if (!PerExample && summary.ExampleCount > 0)
            WriteObject(summary);
    }
}
