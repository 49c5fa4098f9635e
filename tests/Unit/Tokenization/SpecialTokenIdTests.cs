using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>
/// Special tokens may stand before the bytes, as huggingface/tokenizers trains them, or amid the merges, as in p50k_base.
/// </summary>
public sealed class SpecialTokenIdTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
    private static readonly string[] First = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];

    [Fact]
    public void Special_tokens_before_the_bytes_move_all_ids()
    {
        var plain = new BytePairTokenizer(Bytes, [('a', 'b'), (256, 'c')], new Gpt2PreTokenizer(), endOfText: false);
        var moved = new BytePairTokenizer(Bytes, [('a' + 5, 'b' + 5), (261, 'c' + 5)], new Gpt2PreTokenizer(), First.Index()
            .ToDictionary(token => token.Item, token => token.Index));
        foreach (var text in new[] { "", "abc ab c", "é日🦊\n\0" })
        {
            Assert.Equal(plain.Encode(text).Select(id => id + 5), moved.Encode(text));
            Assert.Equal(text, moved.Decode(moved.Encode(text)));
        }

        Assert.Equal(263, moved.VocabularySize);
        Assert.Equal("<s>abc</s>", moved.Decode([0, 262, 2]));
    }

    [Fact]
    public void A_special_token_amid_the_merges_is_no_part_of_them()
    {
        var special = new Dictionary<string, int> { [BytePairTokenizer.EndOfText] = 257, ["<x>"] = 259, ["<y>"] = 261 };
        var tokenizer = new BytePairTokenizer(Bytes, [('a', 'b'), (256, 'c')], new Gpt2PreTokenizer(), special);
        Assert.Equal([258, 256], tokenizer.Encode("abcab"));
        Assert.Equal("abc<|endoftext|><x><y>", tokenizer.Decode([258, 257, 259, 261]));
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => tokenizer.Decode([260])).ErrorId);
        Assert.Equal("VocabularyInvalid",
            Assert.Throws<GptException>(() =>
            new BytePairTokenizer(Bytes, [('a', 'b'), (257, 'c')], new Gpt2PreTokenizer(), special)).ErrorId);
    }

    [Fact]
    public void Tokens_alone_are_placed_around_them_too()
    {
        byte[][] tokens = [.. Bytes.Select(value => new[] { value }), "ab"u8.ToArray(), "abc"u8.ToArray()];
        var special = new Dictionary<string, int> { ["<s>"] = 0, [BytePairTokenizer.EndOfText] = 258 };
        var tokenizer = BytePairTokenizer.FromTokens(tokens, new Gpt2PreTokenizer(), special);
        Assert.Equal([('a' + 1, 'b' + 1), (257, 'c' + 1)], tokenizer.Merges);
        Assert.Equal([259, 257], tokenizer.Encode("abcab"));
    }
}
