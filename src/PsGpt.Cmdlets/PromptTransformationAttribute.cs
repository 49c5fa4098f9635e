using System.Management.Automation;
using PsGpt.Model;

namespace PsGpt.Commands;

/// <summary>
/// Lets a prompt be text, tokens, a completion that is continued, a file that is read, a row with a property <c>Prompt</c>, or several
/// of them; also as they come back from a job. Anything else is an error that names its type.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PromptTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PipedItems.OfObjects(inputData).Select(item => PipedTokens.Find(item) ?? ContinuedText.Find(item) ?? ToPrompt(item)).ToArray();

    private static object ToPrompt(object? input) => PipedText.LineOf(input) ?? PipedTokens.Unwrap(input) switch
    {
        null => throw new ArgumentTransformationMetadataException("There is no prompt. Give the text to continue."),
        FileInfo file => file,
        GptModel => throw new ArgumentTransformationMetadataException("A model is no prompt. Give the text to continue with -Prompt."),
        PSObject row => FromProperties(row),
        _ => throw Unusable(input),
    };

    private static object FromProperties(PSObject row)
    {
        object? Value(string name) => PipedTokens.Unwrap(row.Properties[name]?.Value);
        return row.TypeNames.FirstOrDefault() switch
        {
            "Deserialized.System.IO.FileInfo" => new FileInfo($"{Value(nameof(FileInfo.FullName))}"),
            _ => Value("Prompt") as string ?? throw Unusable(row),
        };
    }

    private static ArgumentTransformationMetadataException Unusable(object? input) => new(
        $"{PipedText.TypeName(input)} is no prompt. Give text, files (Get-Item), tokens (ConvertTo-GptTokens), completions, "
        + "or rows with a property Prompt.");
}
