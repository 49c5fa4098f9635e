using PsGpt.Data;
using PsGpt.Model;

namespace PsGpt.Formats.TokenFiles;

/// <summary>
/// Writes token ids of any number to a file, or to shards of a size, in constant memory. A file is written beside its target and
/// renamed when it is whole: whatever stops the writing, no half-written one is left, and those before it stay. Not safe to use
/// from several threads.
/// </summary>
public sealed class TokenShardWriter : IDisposable
{
    private readonly string path;
    private readonly TokenFileFormat format;
    private readonly long? shardSize;
    private readonly bool overwrite;
    private readonly List<string> files = [];
    private string? tokenizerName;
    private int tokenSize;
    private TokenFileWriter? shard;

    /// <summary>Makes a writer; nothing is written yet.</summary>
    /// <param name="path">The file. With shards, <c>_000001</c> and so on stand before its extension.</param>
    /// <param name="formatName">A name from <see cref="TokenFileFormat.Registry"/>.</param>
    /// <param name="shardSize">The ids of a shard, at least 1 (the last may have fewer); null for one file.</param>
    /// <param name="overwrite">Whether to replace files that are there.</param>
    /// <exception cref="GptException"><c>PluginNotFound</c>, <c>ShardSizeInvalid</c>.</exception>
    public TokenShardWriter(string path, string formatName, long? shardSize = null, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        format = TokenFileFormat.Registry.Get(formatName);
        if (shardSize is < 1 or > int.MaxValue)
        {
            throw new GptException("ShardSizeInvalid", GptErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"A shard cannot have {shardSize} tokens. Give a number from 1 to {int.MaxValue}, such as 100000000."));
        }

        (this.path, this.shardSize, this.overwrite) = (path, shardSize, overwrite);
    }

    /// <summary>The number of ids so far.</summary>
    public long Count { get; private set; }

    /// <summary>The files that are whole, in order.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>
    /// The shard of an earlier, longer text that would follow the last one, or null: whoever reads all shards reads it too.
    /// </summary>
    public string? Leftover => shardSize is not null && File.Exists(ShardPath) ? ShardPath : null;

    /// <summary>The file that is written next.</summary>
    public string NextFile => ShardPath;

    private string ShardPath => shardSize is null ? path : Path.Join(
        Path.GetDirectoryName(path), FormattableString.Invariant(
            $"{Path.GetFileNameWithoutExtension(path)}_{files.Count + 1:D6}{Path.GetExtension(path)}"));

    /// <summary>The error that writing <see cref="NextFile"/> would end with; null if it is free.</summary>
    public GptException? FindObstacle() => AtomicWrite.FindFileObstacle(ShardPath, overwrite);

    /// <summary>Refuses a sequence that cannot be written, before any of it is.</summary>
    /// <exception cref="GptException"><c>TokenizerMismatch</c>, <c>TokenOutsideVocabulary</c>, <c>TokenTooLarge</c>.</exception>
    public void Require(TokenSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        var (name, vocabularySize) = (sequence.TokenizerName, VocabularySizeOf(sequence));
        if (tokenizerName is not null && name is not null && name != tokenizerName)
            throw SharedTokenizer.Mismatch(name, tokenizerName);

        TokenCheck.RequireInVocabulary(sequence.Ids, vocabularySize);
        var tooLarge = SizeFor(vocabularySize) > 2 ? -1 : Array.FindIndex(sequence.Ids, id => id > ushort.MaxValue);
        if (tooLarge >= 0)
        {
            throw new GptException("TokenTooLarge", GptErrorKind.NotSupported,
                $"The token id {sequence.Ids[tooLarge]} does not fit into the 16 bits that the format {format.Name} has for each, " +
                $"at most {ushort.MaxValue}. Use the format llm.c, which takes 32 bits for the vocabulary '{name}'.");
        }
    }

    /// <summary>Appends the ids of a text, or of a part of it.</summary>
    /// <exception cref="GptException">
    /// The errors of <see cref="Require"/>. <c>TargetExists</c>, <c>TargetIsDirectory</c>, <c>TargetIsDevice</c>, <c>TooManyTokens</c> and
    /// <c>WriteFailed</c> mean that no more can be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled, between shards or parts of them.</exception>
    public void Write(TokenSequence sequence, CancellationToken cancellationToken = default)
    {
        Require(sequence);
        tokenizerName ??= sequence.TokenizerName;
        tokenSize = SizeFor(VocabularySizeOf(sequence));
        Guard(() =>
        {
            for (var start = 0; start < sequence.Count;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var writer = shard ?? Begin();
                var count = (int)Math.Min(sequence.Count - start, shardSize - writer.Count ?? Math.Min(1 << 20, RoomWithoutShards(writer)));
                writer.Write(sequence.Ids.AsSpan(start, count));
                start += count;
                Count += count;
                if (writer.Count == shardSize)
                    Commit();
            }
        });
    }

    /// <summary>Ends the last file.</summary>
    /// <exception cref="GptException"><c>WriteFailed</c>.</exception>
    public void Complete() => Guard(() =>
    {
        if (shard is not null)
            Commit();
    });

    /// <summary>Takes a file away that is not whole.</summary>
    public void Dispose() => shard?.Dispose();

    private TokenFileWriter Begin()
    {
        if (FindObstacle() is { } obstacle)
            throw obstacle;
        return shard = new TokenFileWriter(ShardPath, format, tokenSize);
    }

    private void Commit()
    {
        shard!.Commit();
        shard = null;
        files.Add(ShardPath);
    }

    /// <summary>Where the tokenizer is not known, ids of 16 bits are taken, as nearly all vocabularies have them.</summary>
    private static int VocabularySizeOf(TokenSequence sequence) =>
        sequence.GetTokenizer()?.VocabularySize ?? ushort.MaxValue + 1;

    private int SizeFor(int vocabularySize) => format.TokenSize ?? (vocabularySize > ushort.MaxValue + 1 ? 4 : 2);

    /// <summary>The header of llm.c counts with an int32.</summary>
    private long RoomWithoutShards(TokenFileWriter writer)
    {
        var room = format == TokenFileFormat.Llmc ? int.MaxValue - writer.Count : long.MaxValue;
        return room > 0 ? room : throw new GptException("TooManyTokens", GptErrorKind.LimitExceeded,
            $"A file of llm.c holds at most {int.MaxValue:N0} tokens. Write shards of a smaller size.");
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GptException("WriteFailed", GptErrorKind.WriteFailed,
                $"'{ShardPath}' cannot be written: {exception.Message} See whether you may write there and whether there is room, " +
                "or choose another place.", exception);
        }
    }
}
