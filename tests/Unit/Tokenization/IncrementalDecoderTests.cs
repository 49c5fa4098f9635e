using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class IncrementalDecoderTests
{
    [Fact]
    public void Tokens_one_by_one_give_whole_characters_and_all_of_the_text()
    {
        var random = new RandomStream(5);
        for (var i = 0; i < 200; i++)
        {
            var text = RandomText.Next(random, 30);
            var decoder = new IncrementalDecoder(TokenizerCatalog.Gpt2);
            var parts = TokenizerCatalog.Gpt2.Encode(text).Select(decoder.Append).ToList();
            Assert.False(decoder.IsOpen);
            Assert.Equal("", decoder.Finish());
            Assert.Equal(text, string.Concat(parts));
            Assert.All(parts, part => Assert.True(part.Length == 0 || !(char.IsLowSurrogate(part[0]) || char.IsHighSurrogate(part[^1]))));
        }
    }

    [Fact]
    public void What_stays_incomplete_is_told_at_the_end()
    {
        // The four bytes of an emoji are several tokens of GPT-2.
        var tokens = TokenizerCatalog.Gpt2.Encode("a\ud83e\udd8a");
        Assert.True(tokens.Length > 2);
        var decoder = new IncrementalDecoder(TokenizerCatalog.Gpt2);
        Assert.Equal("a", decoder.Append(tokens.AsSpan()[..^1]));
        Assert.True(decoder.IsOpen);
        Assert.Equal("\ufffd", decoder.Finish());
        Assert.Equal("a", decoder.Append(tokens[0]));
    }

    [Fact]
    public void A_foreign_id_is_left_out()
    {
        var decoder = new IncrementalDecoder(CharacterTrainer.Train(["ab"]));
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => decoder.Append(2)).ErrorId);
        Assert.Equal("b", decoder.Append(1));
    }
}
