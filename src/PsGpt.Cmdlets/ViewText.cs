using System.Globalization;
using PsGpt.Data;
using PsGpt.Generation;

namespace PsGpt.Commands;

/// <summary>What the views of the module show where a property is not enough.</summary>
public static class ViewText
{
    // No terminal shows more in one row.
    private const int ShownIdCount = 64;

    /// <summary>The first ids, separated by spaces.</summary>
    public static string OfIds(int[] ids) =>
        string.Join(' ', ids.Take(ShownIdCount).Select(id => id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The name of the file that tokens came from, and which part of it they are.</summary>
    public static string OfSource(TokenSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        var name = Path.GetFileName(sequence.Source) ?? "";
        return sequence.Part == 0 ? name : $"{name} ({sequence.Part + 1})".TrimStart();
    }

    /// <summary>How a completion was made, in a line.</summary>
    public static string OfCompletion(Completion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return $"[{completion.Tokens.Length} tokens, {completion.FinishReason}, {completion.TokensPerSecond:N0} tokens/s, seed {completion.Seed}]";
    }
}
