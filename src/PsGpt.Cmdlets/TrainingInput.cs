using System.Management.Automation;
using System.Text;
using PsGpt.Data;
using PsGpt.Generation;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Tokenization;
using PsGpt.Training;

namespace PsGpt.Commands;

/// <summary>
/// The text of a training: files, lines and tokens in the order in which they come. It is encoded when the tokenizer is known, which
/// may be made of the text itself.
/// </summary>
/// <param name="cmdlet">The cmdlet that shows progress and reports files that cannot be read.</param>
/// <param name="options">How files are read.</param>
/// <param name="allowSpecial">Whether texts of special tokens become those tokens.</param>
internal sealed class TrainingInput(GptCmdlet cmdlet, TextFileOptions options, bool allowSpecial)
{
    // A file, a token sequence, a completion, a string, or the lines of a text, joined: a string for each line would take several times
    // the size of the text.
    private readonly List<object> items = [];
    private readonly HashSet<object> unreadable = [];

    // The texts of pipes that were read for a tokenizer: they cannot be read again.
    private readonly Dictionary<object, StringBuilder> readOnce = [];
    private readonly PathResolver paths = new(cmdlet);

    /// <summary>Whether nothing has come.</summary>
    public bool IsEmpty => items.Count == 0;

    /// <summary>Whether tokens have come, which need the model that they were made for.</summary>
    public bool HasTokens => items.Exists(item => item is TokenSequence);

    /// <summary>Adds a file or a token sequence.</summary>
    public void Add(object item) => items.Add(item);

    /// <summary>Adds text or tokens of the pipeline, in whatever object they are.</summary>
    /// <returns>Whether it has any.</returns>
    public bool Take(PSObject item)
    {
        if (PipedTokens.Find(item) is { } tokens)
            Add(tokens);
        else if (PipedText.LineOf(item) is { } line)
            AddLine(line);
        else if (ContinuedText.Find(item) is { } completion)
            Add(completion);
        else if (PipedText.FilesOf(item, paths) is { } files)
            items.AddRange(files.Select(file => new FileInfo(file)));
        else
            return false;
        return true;
    }

    private void AddLine(string line)
    {
        if (items is [.., string first])
            items[^1] = new StringBuilder(first).Append('\n').Append(line);
        else if (items is [.., StringBuilder lines])
            lines.Append('\n').Append(line);
        else
            items.Add(line);
    }

    /// <summary>All text in pieces, for a tokenizer that is made of its characters; the built-in text where nothing has come.</summary>
    public IEnumerable<ReadOnlyMemory<char>> Pieces() =>
        IsEmpty ? SampleText.GeneratePieces(BuiltInText.Stories) : items.SelectMany(PiecesOf);

    /// <summary>The tokens of all text; those of the built-in text where nothing has come.</summary>
    /// <returns>Null where nothing could be read, which has been reported already.</returns>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>, <c>TokenizerMismatch</c>.</exception>
    public ITokenSource? Encode(Tokenizer tokenizer)
    {
        if (IsEmpty)
            return BuiltInText.Tokens(tokenizer);
        var tokens = new TokenBuilder(tokenizer, allowSpecial);
        var text = new TextInput(cmdlet, tokens, tokens.Add) { Options = options, PerString = true };
        foreach (var item in items.Where(item => !unreadable.Contains(item)))
        {
            if ((readOnce.GetValueOrDefault(item) ?? item) is StringBuilder lines)
                text.TakeParts(PiecesOf(lines), lines.Length);
            else
                text.Take(item);
        }

        text.End();
        SpecialTokenWarning.Write(cmdlet, tokens.IgnoredSpecialTokens);
        return text.HasText ? tokens : null;
    }

    /// <summary>Makes the dataset.</summary>
    /// <param name="model">The model whose tokenizer reads the text.</param>
    /// <param name="validationPath">Files that are held out instead of the end of the text, or null.</param>
    /// <param name="fraction">The share at the end of the text that is held out; null for a tenth, unless that is less than a row.</param>
    /// <param name="sequenceLength">The tokens of a row.</param>
    /// <returns>Null where nothing could be read, which has been reported already.</returns>
    public TokenDataset? Divide(GptModel model, string[]? validationPath, double? fraction, int sequenceLength)
    {
        var tokenizer = model.RequireTokenizer();
        if (Encode(tokenizer) is not { } tokens)
            return null;
        if (validationPath is null)
        {
            var minimum = fraction is null ? sequenceLength + 1 : 0;
            return TokenDataset.Split(tokens, fraction ?? 0.1, minimum, name: "text");
        }

        var files = paths.Resolve(validationPath, literalPath: null);
        return TextInput.ReadFiles(cmdlet, tokenizer, files, options, allowSpecial) is { } heldOut
            ? new TokenDataset(tokens, heldOut, "text")
            : null;
    }

    /// <summary>The error for an object of the pipeline that cannot be used here, or not beside the others.</summary>
    public static GptException Unusable(PSObject item)
    {
        var name = PipedText.TypeName(item);
        return item.BaseObject switch
        {
            GptModel or TokenDataset or Recipe or FileInfo or string or TokenSequence or Completion => new GptException(
                "InputAmbiguous", GptErrorKind.InvalidArgument,
                $"{name} comes through the pipeline, but another one, or what it stands for, is given already. Give one of them."),
            _ when PipedText.IsDeserialized(item) => new GptException(
                "InputDeserialized", GptErrorKind.InvalidArgument,
                $"{name} is a copy without content, as a job or a remote session gets it. Make it there: a job imports its own model."),
            _ => new GptException("InputNotUsable", GptErrorKind.InvalidArgument,
                $"{name} cannot be trained or trained on. Pipe a model, text, files (Get-Item), tokens, completions, "
                + "a dataset or a recipe."),
        };
    }

    private IEnumerable<ReadOnlyMemory<char>> PiecesOf(object item) => item switch
    {
        string text => [text.AsMemory()],
        StringBuilder lines => PiecesOf(lines),
        FileInfo file => PiecesOf(file),
        ContinuedText completion => [completion.Text.AsMemory()],
        _ => [],
    };

    private static IEnumerable<ReadOnlyMemory<char>> PiecesOf(StringBuilder lines)
    {
        foreach (var piece in lines.GetChunks())
            yield return piece;
    }

    private IEnumerable<ReadOnlyMemory<char>> PiecesOf(FileInfo file)
    {
        var kept = file is { Exists: true, Length: 0 } ? readOnce[file] = new StringBuilder() : null;
        using var pieces = TextFile.Read(file.FullName, options, progress: null, cmdlet.StopToken).GetEnumerator();
        for (var hasMore = true; hasMore;)
        {
            // An error is reported once: encoding the text skips the files that could not be read here.
            if (!cmdlet.Attempt(file, () => hasMore = pieces.MoveNext()))
                unreadable.Add(file);
            if (unreadable.Contains(file) || !hasMore)
                yield break;
            kept?.Append(pieces.Current);
            yield return pieces.Current;
        }
    }
}
