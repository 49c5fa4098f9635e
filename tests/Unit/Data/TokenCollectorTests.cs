using PsGpt.Data;

namespace PsGpt.Unit.Data;

public sealed class TokenCollectorTests
{
    [Fact]
    public void Ids_are_joined_in_order()
    {
        var collector = new TokenCollector();
        collector.Add([1, 2]);
        collector.Add(new TokenSequence([3], new ByteTokenizer("one")));
        collector.Add([4]);
        Assert.Equal([1, 2, 3, 4], collector.ToArray());
        Assert.Equal((4, "one"), (collector.Count, collector.TokenizerName));
    }

    [Fact]
    public void Tokens_of_another_tokenizer_are_refused_and_not_taken()
    {
        var collector = new TokenCollector();
        collector.Add(new TokenSequence([1], new ByteTokenizer("one")));
        var error = Assert.Throws<GptException>(() => collector.Add(new TokenSequence([2], new ByteTokenizer("two"))));
        Assert.Equal("TokenizerMismatch", error.ErrorId);
        Assert.Equal([1], collector.ToArray());
    }
}
