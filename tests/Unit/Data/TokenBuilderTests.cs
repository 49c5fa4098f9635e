using PsGpt.Data;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Data;

public sealed class TokenBuilderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ids_are_joined_in_order()
    {
        var tokens = new TokenBuilder();
        tokens.Add(new TokenSequence([1, 2]));
        tokens.Add(new TokenSequence([3], new ByteTokenizer("one")));
        tokens.Add(new TokenSequence([4]));
        Assert.Equal([1, 2, 3, 4], Ids(tokens));
        Assert.Equal("one", tokens.TokenizerName);
    }

    [Fact]
    public void A_text_for_another_tokenizer_than_that_of_the_ids_is_refused_and_not_taken()
    {
        var tokens = new TokenBuilder(new ByteTokenizer("two"));
        tokens.Add(new TokenSequence([1], new ByteTokenizer("one")));
        Assert.Equal("TokenizerMismatch", Assert.Throws<GptException>(() => tokens.AddText("a")).ErrorId);
        Assert.Equal([1], Ids(tokens));
    }

    [Fact]
    public void Tokens_of_another_tokenizer_are_refused_and_not_taken()
    {
        var tokens = new TokenBuilder();
        tokens.Add(new TokenSequence([1], new ByteTokenizer("one")));
        var error = Assert.Throws<GptException>(() => tokens.Add(new TokenSequence([2], new ByteTokenizer("two"))));
        Assert.Equal("TokenizerMismatch", error.ErrorId);
        Assert.Equal([1], Ids(tokens));
    }

    [Fact]
    public void Texts_and_files_are_separated_by_the_end_of_text_token()
    {
        File.WriteAllText(folder["b.txt"], "bc");
        var tokens = new TokenBuilder(new ByteTokenizer(endOfTextToken: 0));
        tokens.AddText("a");
        tokens.AddFile(folder["b.txt"]);
        Assert.Equal(['a', 0, 'b', 'c'], Ids(tokens));
    }

    [Fact]
    public void Nothing_of_a_bad_file_is_taken()
    {
        File.WriteAllBytes(folder["bad.txt"], [.. new byte[100_000].Select(_ => (byte)'x'), 0xFF]);
        var tokens = new TokenBuilder(new ByteTokenizer(endOfTextToken: 0));
        tokens.AddText("a");
        Assert.Equal("TextEncodingInvalid", Assert.Throws<GptException>(() => tokens.AddFile(folder["bad.txt"])).ErrorId);
        tokens.AddText("b");
        Assert.Equal(['a', 0, 'b'], Ids(tokens));
    }

    [Fact]
    public void Ids_of_many_chunks_are_read_at_any_place()
    {
        var tokens = new TokenBuilder();
        int[] ids = [.. Enumerable.Range(0, 700_001)];
        foreach (var part in ids.Chunk(99_991))
            tokens.Add(new TokenSequence(part));
        Assert.Equal(ids, Ids(tokens));
        var middle = new int[300_000];
        tokens.CopyTo(262_143, middle);
        Assert.Equal(ids[262_143..562_143], middle);
    }

    private static int[] Ids(TokenBuilder tokens)
    {
        var ids = new int[tokens.Count];
        tokens.CopyTo(0, ids);
        return ids;
    }
}
