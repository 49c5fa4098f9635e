using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>Added tokens in texts. All ids are those of Hugging Face's tokenizers (Rust) for the same tokens over single bytes.</summary>
public sealed class AddedTokenTests
{
    private static readonly AddedToken[] Tokens =
    [
        new("<|endoftext|>", 256),
        new("word", 257) { IsSpecial = false, IsSingleWord = true },
        new("<l>", 258) { IsSpecial = false, StripsLeft = true },
        new("<r>", 259) { IsSpecial = false, StripsRight = true },
        new("<b>", 260) { IsSpecial = false, StripsLeft = true, StripsRight = true },
        new("ab", 261) { IsSpecial = false },
        new("abc", 262) { IsSpecial = false },
        new("bcd", 263) { IsSpecial = false, IsNormalized = true },
        new("cde", 264) { IsSpecial = false },
        new("<n>", 265) { IsSpecial = false, IsNormalized = true, IsSingleWord = true },
        new("<s>", 266) { StripsRight = true },
    ];

    private static readonly (string Text, int[] Ids)[] Expected =
    [
        ("a word b", [97, 32, 257, 32, 98]),
        ("words word", [119, 111, 114, 100, 115, 32, 257]),
        ("word", [257]),
        ("_word word_", [95, 119, 111, 114, 100, 32, 119, 111, 114, 100, 95]),
        ("éword", [195, 169, 119, 111, 114, 100]),
        ("word-word", [257, 45, 257]),
        ("a <l>b", [97, 258, 98]),
        ("a  \n<l><l> b", [97, 258, 258, 32, 98]),
        ("a<r>  b", [97, 259, 98]),
        ("a <r>\t\n c", [97, 32, 259, 99]),
        ("x <b> y <b>", [120, 260, 121, 260]),
        ("abcde", [262, 100, 101]),
        ("xabcd", [120, 262, 100]),
        ("bcde", [98, 264]),
        ("abd abc ab", [261, 100, 32, 262, 32, 261]),
        ("bcd", [263]),
        ("x<n>y <n>", [120, 60, 110, 62, 121, 32, 265]),
        ("<n> bcd<l>", [265, 32, 263, 258]),
        ("a<s> b", [97, 266, 98]),
        ("  <l>", [258]),
        ("word<r> word", [257, 259, 257]),
        ("a<|endoftext|>word", [97, 256, 257]),
        ("ab\u00A0<l>", [261, 258]),
        ("aword", [97, 119, 111, 114, 100]),
        ("wordword word", [119, 111, 114, 100, 119, 111, 114, 100, 32, 257]),
    ];

    private static readonly BytePairTokenizer Bytes =
        new([.. Enumerable.Range(0, 256).Select(value => (byte)value)], [], new Gpt2PreTokenizer(), Tokens);

    [Fact]
    public void Added_tokens_are_found_as_Hugging_Face_finds_them()
    {
        Assert.All(Expected, item => Assert.Equal(item.Ids, Bytes.Encode(item.Text, allowSpecial: true)));
    }

    [Fact]
    public void A_text_that_comes_char_by_char_has_the_same_tokens()
    {
        Assert.All(Expected, item => Assert.Equal(item.Ids, Encode(Bytes, item.Text.Select(character => $"{character}"))));
    }

    [Fact]
    public void A_token_that_stands_alone_waits_for_both_halves_of_the_character_behind_it()
    {
        // U+1D400 is a letter, so the word does not end before it; U+1F600 is none.
        Assert.Equal([119, 111, 114, 100, 240, 157, 144, 128], Encode(Bytes, ["word\uD835", "\uDC00"]));
        Assert.Equal([257, 240, 159, 152, 128], Encode(Bytes, ["word\uD83D", "\uDE00"]));
    }

    [Fact]
    public void One_text_after_the_other_has_the_tokens_of_each()
    {
        var encoder = new IncrementalEncoder(Bytes, allowSpecial: true);
        var ids = new List<int>();
        foreach (var (text, _) in Expected)
        {
            encoder.Append(text, ids);
            encoder.Finish(ids);
        }

        Assert.Equal(Expected.SelectMany(item => item.Ids), ids);
    }

    [Fact]
    public void Special_tokens_are_text_and_named_unless_they_are_allowed()
    {
        Assert.Equal("a<s>"u8.ToArray().Select(value => (int)value), Bytes.Encode("a<s>"));
        var encoder = new IncrementalEncoder(Bytes);
        var ids = new List<int>();
        encoder.Append("a<|endof", ids);
        encoder.Append("text|>", ids);
        encoder.Finish(ids);
        Assert.Equal("a<|endoftext|>"u8.ToArray().Select(value => (int)value), ids);
        Assert.Equal(["<|endoftext|>"], encoder.IgnoredSpecialTokens);
    }

    [Theory]
    [InlineData("a", new[] { 32, 97 })]
    [InlineData(" a", new[] { 32, 97 })]
    [InlineData("\na", new[] { 32, 10, 97 })]
    [InlineData("abx", new[] { 261, 32, 120 })]
    [InlineData("xab<r>y", new[] { 32, 120, 261, 259, 32, 121 })]
    [InlineData("", new int[0])]
    [InlineData("word a", new[] { 257, 32, 97 })]
    [InlineData("<|endoftext|>", new[] { 256 })]
    [InlineData("x<|endoftext|> y", new[] { 32, 120, 256, 32, 121 })]
    public void A_prefix_space_stands_before_each_stretch_of_text(string text, int[] expected)
    {
        var tokenizer = Bytes.WithPrefixSpace();
        Assert.Equal(expected, tokenizer.Encode(text, allowSpecial: true));
        Assert.Equal(expected, Encode(tokenizer, text.Select(character => $"{character}")));
        Assert.NotEqual(Bytes.Name, tokenizer.Name);
    }

    [Fact]
    public void A_long_text_gets_one_prefix_space()
    {
        var text = string.Concat(Enumerable.Repeat("wörter und leerzeichen  ", 1000));
        var expected = Bytes.Encode(" " + text);
        Assert.Equal(expected, Bytes.WithPrefixSpace().Encode(text));
        Assert.Equal(expected, Encode(Bytes.WithPrefixSpace(), text.Chunk(777).Select(part => new string(part))));
        Assert.Equal([32, .. Enumerable.Repeat(97, 5000)], Bytes.WithPrefixSpace().Encode(new string('a', 5000)));
    }

    [Fact]
    public void A_byte_without_a_token_is_named_and_leaves_no_tokens_behind()
    {
        var tokenizer = new BytePairTokenizer([.. "abc "u8], [(0, 1)], new Gpt2PreTokenizer(), Array.Empty<AddedToken>());
        Assert.Equal([4, 2, 3, 0], tokenizer.Encode("abc a"));
        var ids = new List<int> { 7 };
        var error = Assert.Throws<GptException>(() => tokenizer.Encode("abc é", isEnd: true, ids));
        Assert.Equal("TextOutsideVocabulary", error.ErrorId);
        Assert.Contains("0xC3", error.Message, StringComparison.Ordinal);
        Assert.Equal([7], ids);
    }

    [Fact]
    public void A_special_token_may_be_a_byte()
    {
        var tokenizer = new BytePairTokenizer(
            Bytes.ByteOrder, [('a', 'b')], new Gpt2PreTokenizer(),
                [new AddedToken("!", '!') { IsMerged = true }, new AddedToken("<x>", 257)]);
        Assert.Equal(['!', 256, 257], tokenizer.Encode("!ab<x>", allowSpecial: true));
        Assert.Equal(['!', 256], tokenizer.Encode("!ab"));
        Assert.Equal("!ab<x>", tokenizer.Decode(['!', 256, 257]));
    }

    [Fact]
    public void Each_token_has_its_place_in_the_text()
    {
        (int, int, int, string)[] expected =
            [(97, 0, 1, "a"), (240, 1, 2, "\U0001F98A"), (159, 1, 2, "\U0001F98A"), (166, 1, 2, "\U0001F98A"),
            (138, 1, 2, "\U0001F98A"), (258, 3, 5, "  <l>"), (98, 8, 1, "b")];
        Assert.Equal(expected, TokenOffset.Encode("a\U0001F98A  <l>b", Bytes)
            .Select(token => (token.Id, token.Offset, token.Length, token.Text)));
        var gpt2 = TokenOffset.Encode("Hello, world!", TokenizerCatalog.Gpt2);
        Assert.Equal([0, 5, 6, 12], gpt2.Select(token => token.Offset));
        Assert.Equal(["Hello", ",", " world", "!"], gpt2.Select(token => token.Text));
        Assert.Equal([(0, 1), (1, 1)], TokenOffset.Encode("xy", Bytes.WithPrefixSpace()).Skip(1)
            .Select(token => (token.Offset, token.Length)));
    }

    [Fact]
    public void Bytes_of_a_token_are_a_copy()
    {
        Bytes.GetBytes(256)[0] = 0;
        Assert.Equal("<|endoftext|>"u8.ToArray(), Bytes.GetBytes(256));
    }

    private static List<int> Encode(Tokenizer tokenizer, IEnumerable<string> parts)
    {
        var encoder = new IncrementalEncoder(tokenizer, allowSpecial: true);
        var ids = new List<int>();
        foreach (var part in parts)
            encoder.Append(part, ids);
        encoder.Finish(ids);
        return ids;
    }
}
