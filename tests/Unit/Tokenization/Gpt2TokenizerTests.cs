using System.Text;
using System.Text.Json;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

public sealed class Gpt2TokenizerTests
{
    private static readonly Tokenizer Gpt2 = TokenizerCatalog.Gpt2;

    [FixtureFact]
    public void Ids_are_tiktoken_s()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Fixtures.PathTo("fixtures/tokens/cases.json")));
        Assert.True(cases.RootElement.GetArrayLength() > 20);
        foreach (var item in cases.RootElement.EnumerateArray())
        {
            var text = item.GetProperty("text").GetString()!;
            var expected = item.GetProperty("gpt2").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            Assert.Equal(expected, Gpt2.Encode(text));
            Assert.Equal(text, Gpt2.Decode(expected));
        }
    }

    [FixtureFact]
    public void Shakespeare_has_its_known_number_of_tokens()
    {
        var text = File.ReadAllText(Fixtures.PathTo("data/tinyshakespeare.txt"));
        var tokens = Gpt2.Encode(text);
        Assert.Equal(338_025, tokens.Length);
        Assert.Equal(text, Gpt2.Decode(tokens));
    }

    [Fact]
    public void The_vocabulary_is_GPT_2_s()
    {
        Assert.Equal(50257, Gpt2.VocabularySize);
        Assert.Equal(50256, Gpt2.EndOfTextToken);
        Assert.Equal("<|endoftext|>", Gpt2.Decode([50256]));
        // From OpenAI's encoder.json.
        Assert.Equal([15496, 11, 995, 0], Gpt2.Encode("Hello, world!"));
        Assert.Equal([27, 91, 437, 1659, 5239, 91, 29], Gpt2.Encode("<|endoftext|>"));
    }

    [Fact]
    public void Invalid_UTF16_becomes_the_replacement_character()
    {
        // Not as data of a theory: test runners pass those on as UTF-8.
        foreach (var (text, expected) in new[] { ("a\ud800b", "a\ufffdb"), ("\udc00", "\ufffd"), ("x \ud83d", "x \ufffd") })
        {
            Assert.Equal(Gpt2.Encode(expected), Gpt2.Encode(text));
            Assert.Equal(expected, Gpt2.Decode(Gpt2.Encode(text)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_text_has_the_ids_of_the_plain_algorithm(int seed)
    {
        var oracle = new PlainBytePairEncoder((BytePairTokenizer)Gpt2);
        var random = new RandomStream((ulong)seed);
        for (var i = 0; i < 300; i++)
        {
            var text = RandomText.Next(random, 1 + random.NextInt32(40));
            Assert.Equal(oracle.Encode(text), Gpt2.Encode(text));
            Assert.Equal(Encoding.UTF8.GetBytes(text), Gpt2.DecodeBytes(Gpt2.Encode(text)));
        }
    }

    [Fact]
    public void Parts_give_the_ids_of_the_whole()
    {
        var random = new RandomStream(7);
        for (var i = 0; i < 200; i++)
        {
            var text = RandomText.Next(random, 400);
            var tokens = new List<int>();
            var rest = text.AsSpan();
            while (!rest.IsEmpty)
            {
                // What is not certain is given again with what follows it.
                var shown = Math.Min(rest.Length, 1 + random.NextInt32(60));
                var isEnd = shown == rest.Length;
                var taken = Gpt2.Encode(rest[..shown], isEnd, tokens);
                if (taken == 0)
                    taken = Gpt2.Encode(rest, isEnd: true, tokens);
                rest = rest[taken..];
            }

            Assert.Equal(Gpt2.Encode(text), tokens);
        }
    }

    [Fact]
    public void An_encoder_that_is_fed_line_by_line_gives_the_ids_of_the_whole()
    {
        var random = new RandomStream(8);
        var lines = Enumerable.Range(0, 3000).Select(_ => RandomText.Next(random, random.NextInt32(30))).ToArray();
        var encoder = new IncrementalEncoder(Gpt2);
        var tokens = new List<int>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
                encoder.Append("\n", tokens);
            encoder.Append(lines[i], tokens);
        }

        Assert.NotEmpty(tokens);
        encoder.Finish(tokens);
        Assert.Equal(Gpt2.Encode(string.Join('\n', lines)), tokens);
    }

    [Theory]
    [InlineData('a', 100_000)]
    [InlineData(' ', 100_000)]
    [InlineData('\u4e2d', 50_000)]
    public void A_piece_without_end_is_encoded(char character, int count)
    {
        var text = new string(character, count);
        Assert.Equal(text, Gpt2.Decode(Gpt2.Encode(text)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(50257)]
    [InlineData(int.MaxValue)]
    public void Ids_outside_the_vocabulary_are_refused(int id) =>
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => Gpt2.Decode([id])).ErrorId);
}
