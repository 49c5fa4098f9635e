using PsGpt.Generation;

namespace PsGpt.Commands;

/// <summary>Prompt and text of a completion that is to be continued.</summary>
internal sealed record ContinuedText(string Text)
{
    public static ContinuedText Of(Completion completion) => Of(completion.Prompt, completion.Text, completion.Echo);

    public static ContinuedText Of(string prompt, string text, bool isEchoed) => new(isEchoed ? text : prompt + text);

    public override string ToString() => Text;
}
