using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Commands;

/// <summary>
/// Reads the text that a user gives: strings, which are the lines of one text, files, token sequences and completions, each of
/// which is a text. A file that cannot be read is an error of its own; the others are still taken.
/// </summary>
/// <param name="cmdlet">The cmdlet that reports errors and shows progress.</param>
/// <param name="sink">Takes the texts.</param>
/// <param name="tokenSink">Takes token sequences as they are; null to give their text to <paramref name="sink"/>.</param>
internal sealed class TextInput(GptCmdlet cmdlet, ITextSink sink, Action<TokenSequence>? tokenSink = null)
{
    // A long string is handed on in parts, so that Ctrl+C is seen in between, and no copy of it is made.
    private const int PartLength = 1 << 16;

    private readonly PathResolver paths = new(cmdlet);
    private bool isOpen;
    private bool isBroken;
    private bool hasNull;
    private IncrementalDecoder? decoder;

    /// <summary>How files are read.</summary>
    public TextFileOptions Options { get; init; } = new();

    /// <summary>Whether each string is a text of its own rather than a line.</summary>
    public bool PerString { get; init; }

    /// <summary>Whether any text could be read.</summary>
    public bool HasText { get; private set; }

    /// <summary>The first file that was read, or null.</summary>
    public string? FirstFile { get; private set; }

    /// <summary>The tokens of files, or null where no file could be read, which has been reported already.</summary>
    /// <param name="cmdlet">The cmdlet that reports errors and shows progress.</param>
    /// <param name="tokenizer">Encodes the files.</param>
    /// <param name="files">Full paths.</param>
    /// <param name="options">How files are read.</param>
    /// <param name="allowSpecial">Whether texts of special tokens become those tokens.</param>
    public static TokenBuilder? ReadFiles(
        GptCmdlet cmdlet, Tokenizer tokenizer, IEnumerable<string> files, TextFileOptions? options = null, bool allowSpecial = false)
    {
        var tokens = new TokenBuilder(tokenizer, allowSpecial);
        var input = new TextInput(cmdlet, tokens) { Options = options ?? new TextFileOptions() };
        input.TakeFiles(files);
        SpecialTokenWarning.Write(cmdlet, tokens.IgnoredSpecialTokens);
        return input.HasText ? tokens : null;
    }

    /// <summary>Takes an object of the pipeline, or a list of them.</summary>
    public void Take(object? input)
    {
        foreach (var item in PipedItems.Of(input))
            cmdlet.Attempt(item, () => TakeOne(item));
    }

    /// <summary>Takes a text in parts, which are never joined: that would take its size once more.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="length">The number of characters of all of them.</param>
    public void TakeParts(IEnumerable<ReadOnlyMemory<char>> parts, int length) => Guard(() =>
    {
        Begin(source: null);
        Write(parts, length);
        End();
    });

    /// <summary>Takes files, each of which is a text.</summary>
    /// <param name="files">Full paths.</param>
    public void TakeFiles(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            End();
            cmdlet.Attempt(file, () => TakeFile(file));
        }
    }

    /// <summary>Ends the text that is open, if any.</summary>
    public void End()
    {
        var (wasOpen, open) = (isOpen, decoder);
        (isOpen, isBroken, decoder) = (false, false, null);
        if (open is not null)
            Write(open.Finish());
        if (wasOpen)
            sink.EndText();
        HasText |= wasOpen;
    }

    private void TakeOne(object? input)
    {
        // They come with the path of their file, which must not be read for each of them.
        if (PipedText.IsBytes(input))
            cmdlet.EndWith(PipedText.Unusable(input), input);
        if (PipedTokens.Find(input) is { } tokens)
            Guard(() => TakeTokens(tokens));
        else if (PipedText.LineOf(input) is { } line)
            Guard(() => TakeString(line));
        else if (PipedText.FilesOf(input, paths) is { } files)
            TakeFiles(files);
        else if (ContinuedText.Find(input) is { } completion)
            Guard(() => TakeText(completion.Text));
        else
            throw PipedText.Unusable(input);
    }

    private void Guard(Action take)
    {
        try
        {
            take();
        }
        catch
        {
            if (isOpen)
                sink.DropText();
            (isOpen, decoder) = (false, null);
            throw;
        }
    }

    private void TakeString(string text)
    {
        if (PerString)
            TakeText(text);
        else if (!isBroken)
            TakeLine(text);
    }

    private void TakeLine(string line)
    {
        // A line that cannot be used is one error; the rest of its text is then left out.
        var follows = isOpen && decoder is null;
        if (!follows)
            Begin(source: null);
        isBroken = true;
        if (follows)
            sink.Append("\n");
        Write(line);
        isBroken = false;
    }

    private void TakeText(string text)
    {
        Begin(source: null);
        Write(text);
        End();
    }

    /// <summary>Sequences after the first of a long text go on with it.</summary>
    private void TakeTokens(TokenSequence tokens)
    {
        if (tokenSink is not null)
        {
            End();
            tokenSink(tokens);
            HasText = true;
            return;
        }

        if (tokens.Part == 0 || decoder is null)
        {
            Begin(tokens.Source);
            decoder = new IncrementalDecoder(PipedTokens.TokenizerOf(tokens, given: null));
        }

        Write(decoder.Append(tokens.Ids));
    }

    private void TakeFile(string file)
    {
        FirstFile ??= file;
        using var progress = new ProgressReport(cmdlet, $"Reading {Path.GetFileName(file)}", isOftenShort: true);
        var share = 0.0;
        Begin(file);
        try
        {
            foreach (var piece in TextFile.Read(file, Options, new Share(done => share = done), cmdlet.StopToken))
            {
                sink.Append(piece.Span);
                progress.Update(share, () => $"{share:P0}");
            }

            End();
        }
        catch
        {
            sink.DropText();
            isOpen = false;
            throw;
        }
    }

    private void Begin(string? source)
    {
        End();
        sink.BeginText(source);
        isOpen = true;
    }

    private void Write(string text)
    {
        WarnOfNull(text);
        if (text.Length <= PartLength)
            sink.Append(text);
        else
            Write([text.AsMemory()], text.Length);
    }

    private void Write(IEnumerable<ReadOnlyMemory<char>> parts, int length)
    {
        using var progress = new ProgressReport(cmdlet, "Reading text", isOftenShort: true);
        var done = 0;
        foreach (var part in parts.SelectMany(PartsOf))
        {
            cmdlet.StopToken.ThrowIfCancellationRequested();
            WarnOfNull(part.Span);
            sink.Append(part.Span);
            done += part.Length;
            progress.Update((double)done / length, () => $"{done:N0} of {length:N0} characters");
        }
    }

    /// <summary>A file with NUL characters is refused; a text may have them, but seldom does on purpose.</summary>
    private void WarnOfNull(ReadOnlySpan<char> text)
    {
        if (hasNull || !text.Contains('\0'))
            return;
        hasNull = true;
        cmdlet.WriteWarning("The text has NUL characters, which are encoded as they are. If it is a file's, see Get-Content -Encoding.");
    }

    private static IEnumerable<ReadOnlyMemory<char>> PartsOf(ReadOnlyMemory<char> text)
    {
        for (var start = 0; start < text.Length; start += PartLength)
            yield return text.Slice(start, Math.Min(PartLength, text.Length - start));
    }

    private sealed class Share(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
