using PsGpt.Checkpoints;
using PsGpt.Communication;
using PsGpt.Data;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <content>The training of one model, when everything that it is trained on is there.</content>
public sealed partial class StartGptTrainingCommand
{
    /// <summary>Trains the model that is given, or a default one, which is lost at the end unless it is emitted.</summary>
    private void TrainWith(Recipe? recipe)
    {
        if (HasNoFiles && ranks.IsAlone)
            return;
        if (Model is not null || Dataset is not null || input.HasTokens)
        {
            Train(RequireModel(), recipe, Dataset);
            return;
        }

        GptModel? model = null;
        try
        {
            if (ranks.Guard(() => model = ranks.Together(() => CreateModel(recipe))))
                Train(model!, recipe, dataset: null);
        }
        finally
        {
            if (!PassThru)
                model?.Dispose();
        }
    }

    private GptModel CreateModel(Recipe? recipe)
    {
        RequireFiles();
        return DefaultModel.Create(this, recipe, Tokenizer, input.Pieces(), OptionsWith(recipe).Seed ?? 0);
    }

    private void Train(GptModel model, Recipe? recipe, TokenDataset? dataset)
    {
        if (!HasNoFiles || !ranks.IsAlone)
            ranks.Guard(() => TrainTogether(choice.Of(model, Tokenizer), recipe, dataset));
    }

    private void TrainTogether(GptModel model, Recipe? recipe, TokenDataset? dataset)
    {
        using var session = ranks.Together(() => OpenSession(model, dataset));
        if (session is null)
            return;
        var options = session.Resolve(OptionsWith(recipe), GivenNames);
        var fraction = EvaluateOnly || options.ValidationInterval > 0 ? ValidationFraction : 0;
        var data = ranks.Together(() => dataset ?? input.Divide(model, ValidationPath, fraction, options.SequenceLength!.Value));
        if (!ranks.Communicator.RequireText(data is not null))
            return;
        hasTrained = true;
        if (EvaluateOnly)
        {
            var measurement = session.Measure(data!, options);
            if (ranks.IsFirst)
                WriteObject(measurement);
            return;
        }

        if (!hasPipedModel && !PassThru && CheckpointPath is null && ranks.IsFirst)
            LostModel.Warn(this, Model);
        var asksForValidation = ValidationPath is not null || ValidationFraction > 0 || GivenNames.Contains(nameof(ValidationInterval));
        session.Run(data!, options, ScheduleBlock.RuleOf(Schedule), asksForValidation, PassThru);
        if (PassThru && ranks.IsFirst)
            WriteObject(model);
    }

    /// <returns>Null where the user does not want it.</returns>
    private TrainingSession? OpenSession(GptModel model, TokenDataset? dataset)
    {
        RequireFiles();
        if (dataset is not null)
            ValidationChoice.RequireNone(ValidationPath, ValidationFraction);
        var checkpointPath = CheckpointPath is null || EvaluateOnly ? null : new PathResolver(this).ResolveNew(CheckpointPath);
        if (checkpointPath is not null && !Resume && ranks.IsFirst)
            CheckpointStore.RequireNoRun(checkpointPath);
        if (checkpointPath is not null && hasTrained)
        {
            throw new GptException("CheckpointPathTaken", GptErrorKind.InvalidArgument,
                $"'{checkpointPath}' holds the checkpoints of the model before. Train one model at a time, each with a directory of "
                + "its own.");
        }

        var action = checkpointPath is null ? "Train" : $"Train and keep checkpoints in '{checkpointPath}'";
        if (checkpointPath is not null
            && FolderAccess.FindRefusal(System.IO.Path.Join(checkpointPath, "latest"), makesFolders: true) is { } refusal)
        {
            action += $", which would fail: {refusal.Message}";
        }

        if (!EvaluateOnly && !ShouldProcess(model.Name, action))
            return null;
        var checkpointOptions = new CheckpointOptions { CheckpointInterval = CheckpointInterval, Keep = Keep };
        return new TrainingSession(this, model, checkpointPath, Resume, checkpointOptions, ranks);
    }

    /// <summary>A process alone has reported missing files already; other ranks have to hear of them.</summary>
    private void RequireFiles()
    {
        if (HasNoFiles)
        {
            throw new GptException("TextMissing", GptErrorKind.NotFound,
                "None of the files to train on is there. Give paths that exist on every machine.");
        }
    }

    private GptModel RequireModel() => Model ?? throw new GptException("ModelMissing", GptErrorKind.InvalidArgument,
        "Tokens and datasets need the model that they were made for. Give it with -Model, or pipe it: $model | Start-GptTraining …");
}
