using System.Management.Automation;
using System.Text;
using PsGpt.Data;

namespace PsGpt.Commands;

/// <summary>
/// A cmdlet that reads text: strings from the pipeline, which are the lines of one text unless <see cref="PerString"/> is given,
/// and files, tokens or completions, each of which is a text.
/// </summary>
public abstract class TextCmdlet : FileCmdlet
{
    private protected const string TextSet = "Text";

    private TextInput? input;

    /// <summary>
    /// Text. Strings that come one by one are the lines of one text, joined with a newline. A file, a token sequence and a completion
    /// are a text each.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = TextSet)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public virtual object? InputObject { get; set; }

    /// <summary>Text files, UTF-8 unless a byte order mark or <see cref="Encoding"/> says otherwise. Wildcards are resolved.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [PathTransformation(Hint = "Other objects come through the pipeline.")]
    [SupportsWildcards]
    public override string[]? Path { get; set; }

    /// <summary>Makes each string a text of its own. A file is one in any case.</summary>
    [Parameter]
    public virtual SwitchParameter PerString { get; set; }

    /// <summary>
    /// The encoding of files without a byte order mark: a name as <c>Get-Content -Encoding</c> has them (utf8, unicode, ansi, latin1),
    /// the number of a code page (1252), or an Encoding. UTF-8 unless it is given.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>
    /// Reads the line ends of files as <c>Get-Content</c> does: CR LF and CR become LF, and the one at the end of the file is left out.
    /// Both ways then give the same tokens; without it, a file is read as it is.
    /// </summary>
    [Parameter]
    public SwitchParameter NoCarriageReturn { get; set; }

    /// <inheritdoc/>
    protected override object? Target => ParameterSetName == TextSet ? InputObject : null;

    /// <summary>Whether any text could be read.</summary>
    protected bool HasText => Input.HasText;

    /// <summary>Takes the texts.</summary>
    private protected abstract ITextSink Sink { get; }

    /// <summary>Takes token sequences as they are; null where their text is wanted.</summary>
    private protected virtual Action<TokenSequence>? TokenSink => null;

    /// <summary>How files are read.</summary>
    private protected TextFileOptions FileOptions => new() { Encoding = Encoding, NoCarriageReturn = NoCarriageReturn };

    private TextInput Input => input ??= new TextInput(this, Sink, TokenSink) { Options = FileOptions, PerString = PerString };

    /// <summary>The first file that was read, or null.</summary>
    private protected string? FirstFile => Input.FirstFile;

    /// <summary>Takes an object, or an array of them, as if it came from the pipeline.</summary>
    private protected void Take(object? item) => Input.Take(item);

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == TextSet)
            Input.Take(InputObject);
        else
            Input.TakeFiles(Files);
    }

    /// <inheritdoc/>
    protected override void End() => Input.End();
}
