using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using PsGpt.Hub;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>
/// Lets a parameter take a model by its path or its name on the hub as well as by the object, as <c>Import-GptModel</c> takes them.
/// It is not for parameters that compete with text for the pipeline: each text would be looked for as a model.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ModelTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly ConditionalWeakTable<GptModel, object> Imported = [];

    /// <summary>Whether a model was imported for a parameter: nobody but the cmdlet has it.</summary>
    internal static bool IsImported(GptModel model) => Imported.TryGetValue(model, out _);

    /// <summary>Whether the cmdlet only reads the model, so that the next call may have the same one.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>The type that the pipeline also takes, or null.</summary>
    public Type? Other { get; set; }

    /// <summary>The cmdlet that makes it.</summary>
    public string? OtherSource { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        return (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            "" => throw new ArgumentTransformationMetadataException("An empty text is no model. Give its path or its name on the hub."),
            string text when Exists(engineIntrinsics, text) => ImportPath(engineIntrinsics, text),
            string text => Import(engineIntrinsics, "Path", text),
            FileSystemInfo file => ImportPath(engineIntrinsics, file.FullName),
            null => null,
            GptModel model => model,
            CachedModel cached => Import(engineIntrinsics, "Path", $"{cached.GetHubName()}"),
            var value when value.GetType() == Other => value,
            _ => throw new ArgumentTransformationMetadataException(
                $"{PipedText.TypeName(inputData)} is no model{(OtherSource is null ? "" : $" and no result of {OtherSource}")}. "
                + "Give a model, its path or its name on the hub."),
        };
    }

    private GptModel ImportPath(EngineIntrinsics engine, string path)
    {
        GptModel Load() => Import(engine, "LiteralPath", path);
        var full = engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return IsReadOnly && provider.Name == "FileSystem" && Path.Exists(full) ? ModelPathCache.Get(full, Load) : Load();
    }

    /// <summary>Calls the cmdlet, so that names, progress and Ctrl+C are as they are there.</summary>
    private GptModel Import(EngineIntrinsics engine, string parameter, string text)
    {
        var command = new CmdletInfo("Import-GptModel", typeof(ImportGptModelCommand));
        try
        {
            var report = new ArgumentReport { KeepsModel = IsReadOnly };
            var output = report.Collect(() => engine.InvokeCommand.InvokeScript(
                "param($command, $parameters) & $command @parameters 3>&1", useNewScope: false, PipelineResultTypes.None, input: null,
                command, new Hashtable { [parameter] = text, ["ErrorAction"] = "Stop", ["WarningAction"] = "Continue" }));
            GptModel[] found = [.. output.Select(item => item.BaseObject).OfType<GptModel>()];
            if (found is not [var model])
                throw new ArgumentTransformationMetadataException($"'{text}' stands for {found.Length} models. Give one of them.");
            Imported.AddOrUpdate(model, text);
            foreach (var warning in output.Select(item => item.BaseObject).OfType<WarningRecord>())
                report.Warn(warning.Message);
            report.WaitWith(model);
            return model;
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            var cause = exception.ErrorRecord?.Exception ?? exception;
            throw new ArgumentTransformationMetadataException(cause.Message, cause);
        }
    }

    /// <summary>Whether there is something of that very path, which may have brackets.</summary>
    private static bool Exists(EngineIntrinsics engine, string text)
    {
        try
        {
            return engine.InvokeProvider.Item.Exists(text, force: true, literalPath: true);
        }
        catch (Exception exception) when (exception is RuntimeException or NotSupportedException)
        {
            // A drive that is not there: importing says so.
            return false;
        }
    }
}
