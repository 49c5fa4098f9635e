using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using PsGpt.Generation;

namespace PsGpt.Commands;

/// <summary>What the views of the module show where a property is not enough.</summary>
public static class ViewText
{
    // No terminal shows more in one row.
    private const int ShownIdCount = 64;
    private const int MostColumns = 79;

    /// <summary>The first ids, separated by spaces.</summary>
    public static string OfIds(int[] ids) =>
        string.Join(' ', ids.Take(ShownIdCount).Select(id => id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The name of the file that tokens came from, and which part of it they are.</summary>
    public static string OfSource(string? source, int part)
    {
        var name = Path.GetFileName(source) ?? "";
        return part == 0 ? name : $"{name} ({part + 1})".TrimStart();
    }

    /// <summary>
    /// The prompt and its continuation, broken between words, since the formatter breaks within them; then a line of how they were made.
    /// </summary>
    /// <param name="completion">The completion, as it is or as it came back from a job.</param>
    /// <param name="host">
    /// Knows how wide the terminal is; 79 columns at most are used: the formatter breaks a line that fills the last one.
    /// </param>
    public static string OfCompletion(PSObject completion, PSHost host) => OfCompletion(completion, WidthOf(host));

    /// <summary>The same for a terminal of that many columns.</summary>
    internal static string OfCompletion(PSObject completion, int width)
    {
        ArgumentNullException.ThrowIfNull(completion);
        width = width is > 1 and <= MostColumns ? width - 1 : MostColumns;
        var text = ValueOf(completion, nameof(Completion.Echo)) is true ? "" : $"{ValueOf(completion, nameof(Completion.Prompt))}";
        var lines = $"{text}{ValueOf(completion, nameof(Completion.Text))}".ReplaceLineEndings("\n").Split('\n');
        string[] ending = ["", OfEnding(completion)];
        return string.Join('\n', lines.Concat(ending).SelectMany(line => Wrap(line, width)));
    }

    /// <summary>The columns of the terminal; a host without one does not know them, and 0 stands for it.</summary>
    private static int WidthOf(PSHost host)
    {
        try
        {
            return host?.UI?.RawUI?.BufferSize.Width ?? 0;
        }
        catch (Exception exception) when (exception is HostException or NotImplementedException or IOException)
        {
            return 0;
        }
    }

    private static string OfEnding(PSObject completion)
    {
        var count = ValueOf(completion, nameof(Completion.Tokens)) is ICollection tokens ? tokens.Count : 0;
        var stop = ValueOf(completion, nameof(Completion.StopString)) is { } text ? $" '{text.ToString()!.ReplaceLineEndings("\\n")}'" : "";
        var cut = ValueOf(completion, nameof(Completion.EndsWithinCharacter)) is true ? " within a character" : "";
        var speed = ValueOf(completion, nameof(Completion.TokensPerSecond));
        return $"[{count} tokens, {ValueOf(completion, nameof(Completion.FinishReason))}{stop}{cut}, {speed:N0} tokens/s, "
            + $"seed {ValueOf(completion, nameof(Completion.Seed))}]";
    }

    /// <summary>The description of a recipe, the options that it sets, and the model that it makes.</summary>
    /// <param name="description">The description.</param>
    /// <param name="parameters">The options; a recipe that comes back from a job has them in another table.</param>
    /// <param name="model">The options of the model.</param>
    /// <param name="width">The width of the column in characters.</param>
    public static string OfRecipe(string description, IDictionary parameters, IDictionary model, int width)
    {
        string[] lines = [description, Of(parameters), model is { Count: > 0 } ? $"Model: {Of(model)}" : "", ""];
        return string.Join('\n', lines.Where((line, i) => line.Length > 0 || i == lines.Length - 1)
            .SelectMany(line => Wrap(line, Math.Max(width, 20))));

        static string Of(IDictionary values) => string.Join(", ", values.Keys.Cast<string>().Order(StringComparer.OrdinalIgnoreCase)
            .Select(key => string.Create(CultureInfo.InvariantCulture, $"{key} {values[key]}")));
    }

    /// <summary>A property's value, of an object as it is or as it came back from a job.</summary>
    private static object? ValueOf(PSObject item, string name) => item.Properties[name]?.Value is PSObject wrapped
        ? wrapped.BaseObject
        : item.Properties[name]?.Value;

    private static IEnumerable<string> Wrap(string line, int width)
    {
        while (line.Length > width)
        {
            var space = line.LastIndexOf(' ', width);
            yield return line[..(space > 0 ? space : width)];
            line = line[(space > 0 ? space + 1 : width)..];
        }

        yield return line;
    }
}
