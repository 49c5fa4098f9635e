using System.Text;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>Long texts, which several threads encode, against the same text in parts that one thread encodes.</summary>
public sealed class ParallelEncodingTests
{
    private const int PartLength = 50_000;

    public static TheoryData<string> Names => BuiltInTokenizerTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_long_text_has_the_ids_of_its_parts(string name)
    {
        var tokenizer = TokenizerCatalog.Registry.Get(name).Tokenizer;
        var random = new RandomStream(3);
        var text = new StringBuilder();
        while (text.Length < 700_000)
        {
            text.Append(RandomText.Next(random, 40));
            text.Append(" it's x 12\n\n  A sentence with notwithstanding words <|endoftext|> and\u00e9s ");
            for (var i = random.NextInt32(30); i > 0; i--)
                text.Append("qXz' 7"[random.NextInt32(6)]);
        }

        AssertSameAsParts(tokenizer, text.ToString(), allowSpecial: true);

        // Other starts move the borders between the parts.
        for (var start = 0; start < 150; start += 10)
            AssertSameAsParts(tokenizer, text.ToString(start, 270_000), allowSpecial: false);
    }

    [Fact]
    public void A_long_text_without_a_blank_between_letters_has_the_ids_of_its_parts()
    {
        var lines = Enumerable.Range(0, 150_000).Select(i => $"{i % 977}.\n");
        AssertSameAsParts(TokenizerCatalog.Gpt2, string.Concat(lines), allowSpecial: false);
    }

    [Fact]
    public void The_first_text_outside_the_vocabulary_is_named_and_no_id_is_appended()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes("ab zy").Distinct()];
        var tokenizer = new BytePairTokenizer(bytes[..3], [], new Gpt2PreTokenizer(), new Dictionary<string, int>());
        var words = new StringBuilder().Insert(0, "ab ba ", 100_000).Insert(100_000, "y ").Insert(500_000, "z ").ToString();
        List<int> tokens = [1];
        var error = Assert.Throws<GptException>(() => tokenizer.Encode(words, isEnd: true, tokens));
        Assert.Equal("TextOutsideVocabulary", error.ErrorId);
        Assert.Contains($"0x{(int)'y':X2}", error.Message, StringComparison.Ordinal);
        Assert.Equal([1], tokens);
    }

    private static void AssertSameAsParts(Tokenizer tokenizer, string text, bool allowSpecial)
    {
        var encoder = new IncrementalEncoder(tokenizer, allowSpecial);
        var expected = new List<int>();
        foreach (var part in text.Chunk(PartLength))
            encoder.Append(part, expected);
        encoder.Finish(expected);
        Assert.Equal(expected, tokenizer.Encode(text, allowSpecial));
    }
}
