using System.Management.Automation;
using PsGpt.Generation;

namespace PsGpt.Commands;

/// <summary>Prompt and text of a completion that is to be continued.</summary>
internal sealed record ContinuedText(string Text)
{
    /// <summary>That of a completion, also of one that came back from a job; null where there is anything else.</summary>
    public static ContinuedText? Find(object? input)
    {
        if (input is ContinuedText text)
            return text;
        if (PipedTokens.Unwrap(input) is Completion completion)
            return Of(completion.Prompt, completion.Text, completion.Echo);
        if (input is not PSObject item || item.TypeNames.FirstOrDefault() != $"Deserialized.{typeof(Completion).FullName}")
            return null;
        object? Value(string name) => PipedTokens.Unwrap(item.Properties[name]?.Value);
        return Of($"{Value(nameof(Completion.Prompt))}", $"{Value(nameof(Completion.Text))}", Value(nameof(Completion.Echo)) is true);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static ContinuedText Of(string prompt, string text, bool isEchoed) => new(isEchoed ? text : prompt + text);
}
