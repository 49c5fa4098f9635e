using System.Security.Cryptography;
using PsGpt.Data;
using PsGpt.Formats.TokenFiles;
using PsGpt.Tokenization;
using PsGpt.Unit.Data;

namespace PsGpt.Unit.Formats;

/// <summary>What is written is what the others write, and nothing half-written is left.</summary>
public sealed class TokenShardWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// The hashes are of the files of <c>write_datafile</c> in llm.c's <c>data_common.py</c>, and of nanoGPT's <c>tofile</c>.
    /// </summary>
    [Theory]
    [InlineData("llm.c", "gpt2", new[] { 50256, 0, 50255 }, "EF6899667427B6922933D92D171E8E9CCEAC399ECE2FA204F9EDCB169C750662")]
    [InlineData("llm.c", "o200k_base", new[] { 199998, 1 }, "A46835C7BD45D04A08ECDAB07A6F2474F84E594A936B7C6DC440A89A18957D5B")]
    [InlineData("nanogpt", "gpt2", new[] { 50256, 0, 50255 }, "7A539DD3BF4FFEF609DC99E21421DCE01B8056A8A919FCF79248AC6F8F90EDE8")]
    public void The_bytes_are_those_of_the_python_writers(string format, string tokenizer, int[] ids, string expected)
    {
        Write("tokens.bin", format, null, new TokenSequence(ids, TokenizerCatalog.Registry.Get(tokenizer).Tokenizer));
        Assert.Equal(expected, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(folder["tokens.bin"]))));
        Assert.Equal(["tokens.bin"], folder.Names);
    }

    [Theory]
    [InlineData("llm.c", "gpt2")]
    [InlineData("llm.c", "o200k_base")]
    [InlineData("nanogpt", "gpt2")]
    [InlineData("int32", "o200k_base")]
    public void What_is_written_is_read_again_in_shards(string format, string tokenizer)
    {
        // More than the writer's buffer holds.
        int[] ids = [.. Enumerable.Range(0, 100_000).Select(i => i * 7 % 50257)];
        var vocabulary = TokenizerCatalog.Registry.Get(tokenizer).Tokenizer;
        Write("tokens.bin", format, 40_000, new TokenSequence(ids[..30_000], vocabulary), new TokenSequence(ids[30_000..], vocabulary));
        Assert.Equal(["tokens_000001.bin", "tokens_000002.bin", "tokens_000003.bin"], folder.Names.Order());
        using var chain = new ConcatenatedTokens(
            [.. folder.Names.Order().Select(name => TokenFile.Open(folder[name], format == "llm.c" ? null : format))]);
        Assert.Equal([40_000, 40_000, 20_000], chain.Parts.Select(part => part.Count));
        var read = new int[ids.Length];
        chain.CopyTo(0, read);
        Assert.Equal(ids, read);
    }

    [Theory]
    [InlineData("nanogpt", "o200k_base", 65536, "TokenTooLarge")]
    [InlineData("llm.c", "gpt2", 50257, "TokenOutsideVocabulary")]
    [InlineData("llm.c", "gpt2", -1, "TokenOutsideVocabulary")]
    public void An_id_that_cannot_be_written_is_refused_and_nothing_is(string format, string tokenizer, int id, string errorId)
    {
        var tokens = new TokenSequence([1, id], TokenizerCatalog.Registry.Get(tokenizer).Tokenizer);
        var error = Assert.Throws<GptException>(() => Write("tokens.bin", format, null, tokens));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Ids_of_two_tokenizers_are_not_mixed()
    {
        using var writer = new TokenShardWriter(folder["tokens.bin"], "llm.c");
        writer.Write(new TokenSequence([1], new ByteTokenizer("a")));
        var error = Assert.Throws<GptException>(() => writer.Write(new TokenSequence([1], new ByteTokenizer("b"))));
        Assert.Equal("TokenizerMismatch", error.ErrorId);
    }

    [Fact]
    public void What_is_there_stays_unless_it_is_overwritten()
    {
        File.WriteAllText(folder["tokens.bin"], "mine");
        Assert.Equal("TargetExists", Assert.Throws<GptException>(() => Write("tokens.bin", "llm.c", null, Bytes(3))).ErrorId);
        Assert.Equal("mine", File.ReadAllText(folder["tokens.bin"]));
        using var writer = new TokenShardWriter(folder["tokens.bin"], "llm.c", overwrite: true);
        writer.Write(Bytes(3));
        Assert.Equal("mine", File.ReadAllText(folder["tokens.bin"]));
        writer.Complete();
        Assert.Equal(1030, new FileInfo(folder["tokens.bin"]).Length);
    }

    [Fact]
    public void A_writer_that_stops_leaves_whole_shards_alone()
    {
        using (var writer = new TokenShardWriter(folder["tokens.bin"], "llm.c", shardSize: 4))
        {
            writer.Write(Bytes(6));
            Assert.Throws<OperationCanceledException>(() => writer.Write(Bytes(6), new CancellationToken(canceled: true)));
        }

        Assert.Equal(["tokens_000001.bin"], folder.Names);
    }

    [Fact]
    public void A_shard_of_an_earlier_text_is_told_of()
    {
        Write("tokens.bin", "llm.c", 2, Bytes(6));
        using var writer = new TokenShardWriter(folder["tokens.bin"], "llm.c", shardSize: 2, overwrite: true);
        writer.Write(Bytes(3));
        writer.Complete();
        Assert.Equal(folder["tokens_000003.bin"], writer.Leftover);
    }

    [Fact]
    public void A_place_that_cannot_be_written_and_a_shard_of_nothing_are_errors()
    {
        Assert.Equal("WriteFailed", Assert.Throws<GptException>(() => Write("nowhere/tokens.bin", "llm.c", null, Bytes(1))).ErrorId);
        Assert.Equal("ShardSizeInvalid", Assert.Throws<GptException>(() => Write("tokens.bin", "llm.c", 0, Bytes(1))).ErrorId);
    }

    private static TokenSequence Bytes(int count) => new([.. Enumerable.Range(0, count)], new ByteTokenizer());

    private void Write(string name, string format, long? shardSize, params TokenSequence[] sequences)
    {
        using var writer = new TokenShardWriter(folder[name], format, shardSize);
        foreach (var sequence in sequences)
            writer.Write(sequence);
        writer.Complete();
    }
}
