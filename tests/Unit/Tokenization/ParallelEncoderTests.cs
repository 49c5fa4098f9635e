using System.Text;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>A text that is encoded in stretches on all threads has the ids that it has on one.</summary>
public sealed class ParallelEncoderTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    // Tokens that reach over the places where a text is cut, or over the white space around them.
    private static readonly AddedToken[] Tokens =
    [
        new("<|endoftext|>", 256),
        new("the of", 257) { IsSpecial = false },
        new("\nAb", 258) { IsSpecial = false },
        new("x", 259) { IsSpecial = false, StripsLeft = true },
        new("<r>", 260) { IsSpecial = false, StripsRight = true },
        new("Ab", 261) { IsSpecial = false, IsSingleWord = true },
        new("<s>", 262) { StripsRight = true, IsSingleWord = true },
        new("aB", 263) { IsSpecial = false, IsNormalized = true, IsSingleWord = true },
    ];

    public static TheoryData<string> Names => BuiltInTokenizerTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Random_texts_in_stretches_of_any_length_have_the_ids_of_the_whole(string name) =>
        RequireSameIds(TokenizerCatalog.Registry.Get(name).Tokenizer, allowSpecial: false);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void So_have_texts_with_added_tokens_and_a_space_in_front(bool addsPrefixSpace, bool allowSpecial)
    {
        var tokenizer = new BytePairTokenizer(AllBytes, [], new Gpt2PreTokenizer(), Tokens);
        RequireSameIds(addsPrefixSpace ? tokenizer.WithPrefixSpace() : tokenizer, allowSpecial);
    }

    [Fact]
    public void So_have_the_characters_of_a_vocabulary()
    {
        var random = new RandomStream(3);
        var texts = Enumerable.Range(0, 20).Select(_ => NextText(random)).ToArray();
        var tokenizer = CharacterTrainer.Train(texts);
        foreach (var text in texts)
            Assert.Equal(tokenizer.Encode(text), Encode(tokenizer, text, 10, allowSpecial: false).Ids);
    }

    [Fact]
    public void A_text_that_is_normalized_or_split_by_a_plug_in_stays_on_one_thread()
    {
        var tokenizer = new BytePairTokenizer(AllBytes, [], new Gpt2PreTokenizer(), Tokens);
        Assert.True(tokenizer.IsShareable);
        var normalized = tokenizer.WithNormalizer(new TextNormalizer(["NFC"]));
        Assert.False(normalized.IsShareable);
        var encoder = new IncrementalEncoder(normalized, onAllThreads: true);
        List<int> ids = [];
        encoder.Append("e", ids);
        encoder.Append("\u0301 \nAb", ids);
        encoder.Finish(ids);
        Assert.Equal(normalized.Encode("e\u0301 \nAb"), ids);
    }

    [Fact]
    public void Special_tokens_that_were_passed_over_are_told_once()
    {
        var tokenizer = new BytePairTokenizer(AllBytes, [], new Gpt2PreTokenizer(), Tokens);
        var text = string.Concat(Enumerable.Repeat("One line\nof <|endoftext|> text ", 20));
        Assert.Equal(["<|endoftext|>"], Encode(tokenizer, text, 16, allowSpecial: false).Ignored);
        Assert.Empty(Encode(tokenizer, text, 16, allowSpecial: true).Ignored);
    }

    [Fact]
    public void The_first_error_is_thrown_and_the_next_text_is_whole()
    {
        var tokenizer = CharacterTrainer.Train(["ab \n"]);
        var encoder = new ParallelEncoder(tokenizer, allowSpecial: false, stretchLength: 8);
        List<int> ids = [];
        var error = Assert.Throws<GptException>(() =>
        {
            encoder.Append("aaaa\nbbbb aaaa\nb1bb aaaa\nbb2b aaaa\nbbbb", ids);
            encoder.Finish(ids);
        });
        Assert.Contains("'1'", error.Message, StringComparison.Ordinal);
        ids.Clear();
        encoder.Append("ab\nba", ids);
        encoder.Finish(ids);
        Assert.Equal(tokenizer.Encode("ab\nba"), ids);
    }

    private static void RequireSameIds(Tokenizer tokenizer, bool allowSpecial)
    {
        var random = new RandomStream(7);
        for (var i = 0; i < 60; i++)
        {
            var text = NextText(random);
            var expected = tokenizer.Encode(text, allowSpecial);
            foreach (var length in new[] { 1, 2, 3, 5, 9, 17, 40, 500 })
                Assert.Equal(expected, Encode(tokenizer, text, length, allowSpecial).Ids);
        }
    }

    /// <summary>Random text with many lines and words, where it can be cut.</summary>
    private static string NextText(RandomStream random)
    {
        string[] places =
            ["\nAb", "\nthe", "the of", " x", "x ", "<r>\nx", "<r> \naB", "<s>\nAb ", "<|endoftext|>\nthe of", "a\r\nb", "\n x"];
        var text = new StringBuilder();
        for (var i = 0; i < 25; i++)
            text.Append(RandomText.Next(random, 2)).Append(places[random.NextInt32(places.Length)]);
        return text.ToString();
    }

    private static (List<int> Ids, IReadOnlyCollection<string> Ignored) Encode(
        Tokenizer tokenizer, string text, int stretchLength, bool allowSpecial)
    {
        var encoder = new ParallelEncoder(tokenizer, allowSpecial, stretchLength);
        List<int> ids = [];
        var half = text.Length / 2;
        encoder.Append(text.AsSpan(0, half), ids);
        encoder.Append(text.AsSpan(half), ids);
        encoder.Finish(ids);
        return (ids, encoder.IgnoredSpecialTokens);
    }
}
