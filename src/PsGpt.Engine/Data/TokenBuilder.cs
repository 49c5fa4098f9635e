using System.Runtime.InteropServices;
using PsGpt.Tokenization;

namespace PsGpt.Data;

/// <summary>
/// Joins the ids of many texts, all of one tokenizer, in memory. Each text is separated from the ids before it by the tokenizer's
/// end-of-text token, if it has one. Ids can be read at any time; not safe to use from several threads while ids are added.
/// </summary>
/// <param name="tokenizer">Encodes texts; not needed where only token sequences are added.</param>
/// <param name="allowSpecial">
/// Whether texts of special tokens become those tokens, so that <c>&lt;|endoftext|&gt;</c> in a file separates documents; otherwise they
/// are plain text.
/// </param>
public sealed class TokenBuilder(Tokenizer? tokenizer = null, bool allowSpecial = false) : ITokenSource, ITextSink
{
    // Chunks of 1 MB: memory grows with the ids alone, without the copies of one growing array.
    private const int ChunkLength = 1 << 18;

    private readonly SharedTokenizer shared = new();
    private readonly List<int[]> chunks = [];
    private readonly List<int> encoded = [];
    private readonly SortedSet<string> ignored = new(StringComparer.Ordinal);
    private IncrementalEncoder? encoder;
    private long textStart;

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <summary>The special tokens whose texts were encoded as plain text, since they were not allowed.</summary>
    public IReadOnlyCollection<string> IgnoredSpecialTokens => ignored;

    /// <inheritdoc/>
    public string? TokenizerName => shared.Name ?? tokenizer?.Name;

    /// <inheritdoc/>
    public Tokenizer? GetTokenizer() => shared.Tokenizer ?? tokenizer;

    /// <summary>Appends the ids of a text, or of a part of it.</summary>
    /// <exception cref="GptException">
    /// <c>TokenizerMismatch</c>: another tokenizer made the ids before these; they are not taken.
    /// </exception>
    public void Add(TokenSequence tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        shared.Require(tokens);
        Append(tokens.Ids);
    }

    /// <summary>Encodes a whole text.</summary>
    /// <exception cref="GptException"><c>TextOutsideVocabulary</c>, <c>TokenizerMismatch</c>; nothing of the text is taken.</exception>
    public void AddText(ReadOnlySpan<char> text)
    {
        BeginText(source: null);
        try
        {
            Append(text);
            EndText();
        }
        catch
        {
            DropText();
            throw;
        }
    }

    /// <summary>Reads and encodes a text file, in constant memory beside the ids.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Its encoding and line ends.</param>
    /// <param name="progress">Receives the share that has been read, 0 to 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException">
    /// Those of <see cref="TextFile.Read"/> and <see cref="AddText"/>; nothing of the file is taken.
    /// </exception>
    public void AddFile(
        string path, TextFileOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        BeginText(path);
        try
        {
            foreach (var piece in TextFile.Read(path, options, progress, cancellationToken))
                Append(piece.Span);
            EndText();
        }
        catch
        {
            DropText();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>: another tokenizer made the ids before.</exception>
    public void BeginText(string? source)
    {
        if (tokenizer is null)
            throw new InvalidOperationException("Texts need a tokenizer: give it to the constructor.");
        shared.Require(new TokenSequence([], tokenizer));
        textStart = Count;
        encoder = new IncrementalEncoder(tokenizer, allowSpecial);
        if (Count > 0 && tokenizer.EndOfTextToken is { } endOfText)
            Append([endOfText]);
    }

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<char> text)
    {
        encoded.Clear();
        Encoder.Append(text, encoded);
        Append(CollectionsMarshal.AsSpan(encoded));
    }

    /// <inheritdoc/>
    public void EndText()
    {
        encoded.Clear();
        Encoder.Finish(encoded);
        Append(CollectionsMarshal.AsSpan(encoded));
        ignored.UnionWith(Encoder.IgnoredSpecialTokens);
        encoder = null;
    }

    /// <inheritdoc/>
    public void DropText()
    {
        if (encoder is null)
            return;
        encoder = null;
        Count = textStart;
    }

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> destination)
    {
        TokenSlice.Require(this, start, destination.Length);
        while (!destination.IsEmpty)
        {
            var part = chunks[(int)(start / ChunkLength)].AsSpan((int)(start % ChunkLength));
            part = part[..Math.Min(part.Length, destination.Length)];
            part.CopyTo(destination);
            destination = destination[part.Length..];
            start += part.Length;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Count:N0} {TokenizerName} tokens");

    private IncrementalEncoder Encoder => encoder ?? throw new InvalidOperationException("No text was begun.");

    private void Append(ReadOnlySpan<int> ids)
    {
        while (!ids.IsEmpty)
        {
            var chunk = (int)(Count / ChunkLength);
            if (chunk == chunks.Count)
                chunks.Add(new int[ChunkLength]);
            var room = chunks[chunk].AsSpan((int)(Count % ChunkLength));
            var part = ids[..Math.Min(room.Length, ids.Length)];
            part.CopyTo(room);
            Count += part.Length;
            ids = ids[part.Length..];
        }
    }
}
