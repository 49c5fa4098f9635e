using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class IncrementalEncoderTests
{
    // Every rule of the splits that looks ahead, and characters of two chars.
    private static readonly string[] TrickyTexts =
    [
        "it's we'll they've I'd 'tis x'S O'Neil' 'r 'l 'v 're'll''s",
        "  two  spaces \n\n\r\n \t lines \n  end  ",
        "1234567 12 1\u0663\u00bd 3.14",
        "camelCase ABCdef \u4e2dABC \u0301're \u20dd'LL e\u0301 \u01c5x",
        "\ud83d\ude00 \ud835\udc9c\ud835\udcb6 \ud835\udfd8\ud835\udfd8\ud835\udfd8\ud835\udfd8 \ud83d\udc68\u200d\ud83d\udcbb",
        "!? (...)/\n//\r\n/ -- \u3000\u00a0x",
        "lone \ud83d surrogates \ude00\ud83d",
    ];

    public static TheoryData<string> Names => BuiltInTokenizerTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_that_is_cut_anywhere_has_the_ids_of_the_whole(string name)
    {
        var tokenizer = TokenizerCatalog.Registry.Get(name).Tokenizer;
        foreach (var text in TrickyTexts)
        {
            var expected = tokenizer.Encode(text);
            for (var cut = 0; cut <= text.Length; cut++)
                Assert.Equal(expected, Encode(tokenizer, text[..cut], text[cut..]));
            Assert.Equal(expected, Encode(tokenizer, [.. text.Select(c => c.ToString())]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Random_text_in_random_parts_has_the_ids_of_the_whole(string name)
    {
        var tokenizer = TokenizerCatalog.Registry.Get(name).Tokenizer;
        var random = new RandomStream(8);
        for (var i = 0; i < 300; i++)
        {
            var text = RandomText.Next(random, 60);
            var parts = new List<string>();
            for (var rest = text; rest.Length > 0; rest = rest[parts[^1].Length..])
                parts.Add(rest[..Math.Min(rest.Length, 1 + random.NextInt32(1 + random.NextInt32(40)))]);
            Assert.Equal(tokenizer.Encode(text), Encode(tokenizer, [.. parts]));
        }
    }

    [Fact]
    public void A_long_text_and_a_long_pre_token_in_one_part_or_char_by_char_have_the_ids_of_the_whole()
    {
        var random = new RandomStream(9);
        foreach (var text in new[] { RandomText.Next(random, 60_000), new string('a', 100_000) + " b" })
        {
            var expected = TokenizerCatalog.Gpt2.Encode(text);
            Assert.Equal(expected, Encode(TokenizerCatalog.Gpt2, text));
            Assert.Equal(expected, Encode(TokenizerCatalog.Gpt2, [.. text.Select(c => c.ToString())]));
        }
    }

    [Fact]
    public void Ids_come_as_soon_as_they_are_certain()
    {
        var encoder = new IncrementalEncoder(TokenizerCatalog.Gpt2);
        var tokens = new List<int>();
        encoder.Append("Hello", tokens);
        Assert.Empty(tokens);
        encoder.Append(", wor", tokens);
        Assert.Equal("Hello,", TokenizerCatalog.Gpt2.Decode([.. tokens]));
        encoder.Append("ld!\n", tokens);
        Assert.Equal("Hello, world!", TokenizerCatalog.Gpt2.Decode([.. tokens]));
    }

    [Fact]
    public void After_its_end_a_text_is_forgotten()
    {
        var encoder = new IncrementalEncoder(TokenizerCatalog.Gpt2);
        var tokens = new List<int>();
        encoder.Append("one", tokens);
        encoder.Finish(tokens);
        encoder.Append("two", tokens);
        encoder.Finish(tokens);
        Assert.Equal([.. TokenizerCatalog.Gpt2.Encode("one"), .. TokenizerCatalog.Gpt2.Encode("two")], tokens);
    }

    [Fact]
    public void A_text_that_cannot_be_encoded_does_not_spoil_the_next()
    {
        var encoder = new IncrementalEncoder(CharacterTrainer.Train(["abc"]));
        var tokens = new List<int>();
        Assert.Throws<GptException>(() => encoder.Append("abx", tokens));
        Assert.Empty(tokens);
        encoder.Append("cab", tokens);
        encoder.Finish(tokens);
        Assert.Equal([2, 0, 1], tokens);
    }

    private static List<int> Encode(Tokenizer tokenizer, params string[] parts)
    {
        var encoder = new IncrementalEncoder(tokenizer);
        var tokens = new List<int>();
        foreach (var part in parts)
            encoder.Append(part, tokens);
        encoder.Finish(tokens);
        return tokens;
    }
}
