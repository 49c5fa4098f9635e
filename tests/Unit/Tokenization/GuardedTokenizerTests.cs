using PsGpt.Plugins;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Tokenization;

/// <summary>A tokenizer of a plug-in that breaks its contract: the error names it, and the ids of other texts stay.</summary>
public sealed class GuardedTokenizerTests
{
    [Theory]
    [InlineData("throws")]
    [InlineData("gives an id outside")]
    [InlineData("encodes too much")]
    [InlineData("encodes less than nothing")]
    [InlineData("leaves the end")]
    public void What_a_broken_call_added_is_taken_back(string fault)
    {
        var tokenizer = new GuardedTokenizer(new Broken(fault), new PluginGuard("tokenizer", "mine"));
        List<int> tokens = [2, 1];
        var error = Assert.Throws<GptException>(() => tokenizer.Encode("abc", isEnd: true, tokens));
        Assert.Equal("PluginFailed", error.ErrorId);
        Assert.StartsWith("The tokenizer 'mine' ", error.Message, StringComparison.Ordinal);
        Assert.Equal([2, 1], tokens);
    }

    [Fact]
    public void A_call_that_keeps_the_contract_adds_its_ids()
    {
        var tokenizer = new GuardedTokenizer(new Broken("nothing"), new PluginGuard("tokenizer", "mine"));
        List<int> tokens = [2, 1];
        Assert.Equal(3, tokenizer.Encode("abc", isEnd: true, tokens));
        Assert.Equal([2, 1, 0, 2], tokens);
    }

    private sealed class Broken(string fault) : Tokenizer
    {
        public override string Name => "broken";

        public override int VocabularySize => 3;

        public override int? EndOfTextToken => null;

        public override ReadOnlySpan<byte> GetSpan(int token) => "abc"u8.Slice(token, 1);

        public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
        {
            tokens.AddRange(0, fault == "gives an id outside" ? 3 : 2);
            return fault switch
            {
                "throws" => throw new InvalidOperationException("Bang."),
                "encodes too much" => text.Length + 1,
                "encodes less than nothing" => -1,
                "leaves the end" => text.Length - 1,
                _ => text.Length,
            };
        }
    }
}
