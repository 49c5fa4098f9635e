using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>
/// A cmdlet that reads text: strings from the pipeline, which are the lines of one text unless <see cref="PerString"/> is given,
/// or files, each of which is a text.
/// </summary>
public abstract class TextCmdlet : GptCmdlet
{
    private const string TextSet = "Text";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private bool isTextOpen;
    private bool isTextBroken;

    /// <summary>Text. Strings that come one by one are the lines of one text, joined with a newline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = TextSet)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    /// <summary>Text files, UTF-8 unless a byte order mark says otherwise. Wildcards are resolved.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Text files whose paths are taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Makes each string a text of its own. A file is one in any case.</summary>
    // In every set: were it in the set of the strings alone, it would turn the files of Get-ChildItem into strings.
    [Parameter]
    public SwitchParameter PerString { get; set; }

    /// <inheritdoc/>
    protected override object? Target => PerString && ParameterSetName == TextSet ? InputObject : null;

    /// <summary>Whether any text could be read.</summary>
    protected bool HasText { get; private set; }

    /// <summary>A text begins.</summary>
    /// <param name="source">The file that it comes from, or null.</param>
    protected abstract void BeginText(string? source);

    /// <summary>A text goes on.</summary>
    protected abstract void AppendText(ReadOnlySpan<char> text);

    /// <summary>A text is complete.</summary>
    protected abstract void EndText();

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName != TextSet)
            TakeFiles();
        else if (PerString)
            TakeText();
        else if (!isTextBroken)
            TakeLine();
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (isTextOpen && !isTextBroken)
            EndText();
    }

    private void TakeText()
    {
        BeginText(source: null);
        AppendText(InputObject);
        EndText();
        HasText = true;
    }

    private void TakeLine()
    {
        // What cannot be used of a text is one error; the rest of that text is then passed over.
        isTextBroken = true;
        if (isTextOpen)
            AppendText("\n");
        else
            BeginText(source: null);
        (isTextOpen, HasText) = (true, true);
        AppendText(InputObject);
        isTextBroken = false;
    }

    private void TakeFiles()
    {
        var reader = new TextFileReader(this);
        foreach (var file in new PathResolver(this).Resolve(Path, LiteralPath))
        {
            HasText |= Attempt(file, () =>
            {
                BeginText(file);
                reader.Read(file, AppendText);
                EndText();
            });
        }
    }
}
