using PsGpt.Extensions;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>Texts without a place to split: beyond a length, merges take another way than in words.</summary>
public sealed class LongPreTokenTests
{
    [Theory]
    [InlineData('a', 50_000)]
    [InlineData(' ', 300_000)]
    [InlineData('\u4e2d', 50_000)]
    [InlineData('-', 50_000)]
    public void A_pre_token_without_end_is_encoded(char character, int count)
    {
        var text = new string(character, count);
        foreach (var name in BuiltInPlugins.Names(PluginKind.Tokenizer))
        {
            var tokenizer = TokenizerCatalog.Registry.Get(name).Tokenizer;
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    public void Pre_tokens_of_every_length_have_the_ids_of_the_plain_algorithm(string name)
    {
        var tokenizer = (BytePairTokenizer)TokenizerCatalog.Registry.Get(name).Tokenizer;
        var oracle = new PlainBytePairEncoder(tokenizer);
        var random = new RandomStream(4);
        foreach (var length in Enumerable.Range(1, 40).Concat([126, 127, 128, 129, 130, 255, 256, 257, 300, 700]))
        {
            // Few letters make many merges, and equal pairs that overlap.
            var text = string.Create(length, random,
                (chars, random) => { foreach (ref var c in chars) c = "aaehinrst\u00e9"[random.NextInt32(10)]; });
            Assert.Equal(oracle.Encode(text), tokenizer.Encode(text));
        }

        var equal = new string('a', 517);
        Assert.Equal(oracle.Encode(equal), tokenizer.Encode(equal));
    }
}
