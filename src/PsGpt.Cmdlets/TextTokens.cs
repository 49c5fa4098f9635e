using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Joins the tokens of text files, with the token that separates texts in between. A file that cannot be read is an error of its
/// own; the others are still taken.
/// </summary>
/// <param name="cmdlet">The cmdlet that shows a bar and reports the errors.</param>
/// <param name="tokenizer">Makes the tokens.</param>
internal sealed class TextTokens(GptCmdlet cmdlet, Tokenizer tokenizer)
{
    private readonly TextFileReader reader = new(cmdlet);
    private readonly TokenCollector collector = new();
    private readonly List<int> ids = [];
    private IncrementalEncoder? lines;
    private bool isTextBroken;

    /// <summary>Reads files.</summary>
    /// <param name="files">Full paths.</param>
    /// <returns>All tokens so far; none where nothing could be read.</returns>
    public TokenCollector Read(IEnumerable<string> files)
    {
        foreach (var file in files)
            cmdlet.Attempt(file, () => Add(file));
        return collector;
    }

    /// <summary>Takes the next line of a text that comes line by line. What cannot be used of it is one error; the rest is passed over.</summary>
    public void AddLine(string line)
    {
        if (isTextBroken)
            return;
        isTextBroken = true;
        if (lines is null)
            lines = new IncrementalEncoder(tokenizer);
        else
            lines.Append("\n", ids);
        lines.Append(line, ids);
        isTextBroken = false;
    }

    /// <summary>Ends the text that came line by line.</summary>
    /// <returns>All its tokens; none where it was broken.</returns>
    public TokenCollector EndLines()
    {
        if (lines is null || isTextBroken)
            return collector;
        lines.Finish(ids);
        collector.Add(ids.ToArray(), tokenizer.Name);
        return collector;
    }

    private void Add(string file)
    {
        var ids = new List<int>();
        if (collector.Count > 0 && tokenizer.EndOfTextToken is { } endOfText)
            ids.Add(endOfText);
        var encoder = new IncrementalEncoder(tokenizer);
        reader.Read(file, text => encoder.Append(text, ids));
        encoder.Finish(ids);
        collector.Add(ids.ToArray(), tokenizer.Name);
    }
}
