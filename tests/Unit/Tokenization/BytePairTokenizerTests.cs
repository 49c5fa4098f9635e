using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class BytePairTokenizerTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
    private static readonly Dictionary<string, int> NoSpecialTokens = [];

    private static BytePairTokenizer Gpt2 => (BytePairTokenizer)TokenizerCatalog.Gpt2;

    [Fact]
    public void Tokens_alone_give_the_merges_and_the_name()
    {
        var tokens = Enumerable.Range(0, 50256).Select(id => Gpt2.GetBytes(id).ToArray()).ToArray();
        var tokenizer = BytePairTokenizer.FromTokens(tokens, new Gpt2PreTokenizer(), Gpt2.SpecialTokens);
        Assert.Equal(Gpt2.Merges, tokenizer.Merges);
        Assert.Equal("gpt2", tokenizer.Name);
    }

    [Fact]
    public void Names_follow_all_that_ids_depend_on()
    {
        (int, int)[] merges = [('a', 'b'), (256, 'c'), ('b', 'c')];
        BytePairTokenizer[] tokenizers =
        [
            new(Bytes, merges, new Gpt2PreTokenizer(), endOfText: true),
            new(Bytes, merges, new Gpt2PreTokenizer(), endOfText: false),
            new(Bytes, merges, new Cl100kPreTokenizer(), endOfText: true),
            new(Bytes, merges, new Gpt2PreTokenizer(), new Dictionary<string, int> { ["<|end|>"] = 259 }),
            new(Bytes, [merges[0], merges[2], merges[1]], new Gpt2PreTokenizer(), endOfText: true),
            new([.. Bytes.Reverse()], merges, new Gpt2PreTokenizer(), endOfText: true),
            // The same bytes for each token, by other merges.
            new(Bytes, [('b', 'c'), ('a', 256)], new Gpt2PreTokenizer(), endOfText: true),
            new(Bytes, [('b', 'c'), ('a', 'b')], new Gpt2PreTokenizer(), endOfText: true),
        ];
        Assert.Distinct(tokenizers.Select(tokenizer => tokenizer.Name));
        Assert.Equal(tokenizers[0].Name, new BytePairTokenizer([.. Bytes], [.. merges], new Gpt2PreTokenizer(), endOfText: true).Name);
        Assert.Equal("gpt2", new BytePairTokenizer(Gpt2.ByteOrder, Gpt2.Merges, new Gpt2PreTokenizer(), endOfText: true).Name);
    }

    [Fact]
    public void Special_tokens_decode_and_ids_between_them_stand_for_nothing()
    {
        var tokenizer =
            new BytePairTokenizer(Bytes, [('a', 'b')], new Gpt2PreTokenizer(),
            new Dictionary<string, int> { ["<x>"] = 260, [BytePairTokenizer.EndOfText] = 258 });
        Assert.Equal((261, 258), (tokenizer.VocabularySize, tokenizer.EndOfTextToken));
        Assert.Equal("ab<x><|endoftext|>c", tokenizer.Decode([256, 260, 258, 'c']));
        foreach (var unused in new[] { 257, 259, 261 })
            Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => tokenizer.Decode([unused])).ErrorId);
    }

    [Fact]
    public void Vocabularies_that_cannot_be_are_refused()
    {
        AssertInvalid(() => new BytePairTokenizer(Bytes, [(97, 256)], new Gpt2PreTokenizer(), false));
        AssertInvalid(() => new BytePairTokenizer(Bytes, [(97, -1)], new Gpt2PreTokenizer(), false));
        AssertInvalid(() => new BytePairTokenizer(Bytes, [(97, 98), (97, 98)], new Gpt2PreTokenizer(), false));
        AssertInvalid(() => new BytePairTokenizer([], [], new Gpt2PreTokenizer(), NoSpecialTokens));
        AssertInvalid(() => new BytePairTokenizer([.. Bytes[..255], 0], [], new Gpt2PreTokenizer(), false));
        AssertInvalid(() => new BytePairTokenizer(Bytes, [(97, 98)], new Gpt2PreTokenizer(), new Dictionary<string, int> { ["<x>"] = -1 }));
        AssertInvalid(() =>
            new BytePairTokenizer(Bytes, [(97, 98)], new Gpt2PreTokenizer(), new Dictionary<string, int> { ["<x>"] = 300, ["<y>"] = 300 }));
        AssertInvalid(() => new BytePairTokenizer(Bytes, [(97, 98)], new Gpt2PreTokenizer(), new Dictionary<string, int> { [""] = 300 }));
        AssertInvalid(() =>
            new BytePairTokenizer(Bytes, [(97, 98), (256, 99)], new Gpt2PreTokenizer(), new Dictionary<string, int> { ["<x>"] = 256 }));
        AssertInvalid(() =>
            new BytePairTokenizer(Bytes, [], new Gpt2PreTokenizer(), new Dictionary<string, int> { ["<x>"] = int.MaxValue }));

        // Forty merges that double each: a terabyte from a file of a line.
        AssertInvalid(() =>
            new BytePairTokenizer(Bytes, [(97, 97), .. Enumerable.Range(256, 40).Select(id => (id, id))], new Gpt2PreTokenizer(), false));
    }

    [Fact]
    public void Tokens_that_cannot_be_merged_are_refused()
    {
        byte[][] bytes = [.. Bytes.Select(value => new[] { value })];
        AssertInvalid(() => BytePairTokenizer.FromTokens([.. bytes, "abc"u8.ToArray()], new Gpt2PreTokenizer(), NoSpecialTokens));
        AssertInvalid(() =>
            BytePairTokenizer.FromTokens([.. bytes, "ab"u8.ToArray(), "ab"u8.ToArray()], new Gpt2PreTokenizer(), NoSpecialTokens));
        AssertInvalid(() => BytePairTokenizer.FromTokens([.. bytes, []], new Gpt2PreTokenizer(), NoSpecialTokens));
        AssertInvalid(() => BytePairTokenizer.FromTokens(bytes[1..], new Gpt2PreTokenizer(), NoSpecialTokens));
    }

    [Fact]
    public void Merges_that_change_later_do_not_change_the_tokenizer()
    {
        var merges = new List<(int, int)> { ('a', 'b') };
        var tokenizer = new BytePairTokenizer(Bytes, merges, new Gpt2PreTokenizer(), false);
        merges[0] = ('c', 'd');
        Assert.Equal(('a', 'b'), tokenizer.Merges[0]);
        Assert.Equal([256], tokenizer.Encode("ab"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100)]
    public void A_pre_tokenizer_that_breaks_its_contract_is_told_so(int length)
    {
        var tokenizer = new BytePairTokenizer(Bytes, [], new BrokenPreTokenizer(length), false);
        Assert.Contains("broken", Assert.Throws<InvalidOperationException>(() => tokenizer.Encode("some text")).Message,
            StringComparison.Ordinal);
    }

    private static void AssertInvalid(Func<BytePairTokenizer> make) =>
        Assert.Equal("VocabularyInvalid", Assert.Throws<GptException>(make).ErrorId);

    private sealed class BrokenPreTokenizer(int length) : IPreTokenizer
    {
        public string Name => "broken";

        public string Description => "breaks its contract";

        public int GetPreTokenLength(ReadOnlySpan<char> text, bool isEnd) => length;
    }
}
