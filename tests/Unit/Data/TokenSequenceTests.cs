using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Data;

public sealed class TokenSequenceTests
{
    private const int End = 50256;

    [Theory]
    [InlineData(new[] { 1, 2, End, 3, End }, 0, new[] { 0, 3 })]
    [InlineData(new[] { End, 1, End, End, 2 }, 0, new[] { 0, 1, 3, 4 })]
    [InlineData(new[] { 1, End, 3 }, 1, new[] { 2 })]
    [InlineData(new int[0], 0, new int[0])]
    public void Documents_begin_at_the_start_of_a_text_and_behind_each_end(int[] ids, int part, int[] starts)
    {
        var sequence = new TokenSequence(ids, TokenizerCatalog.Gpt2, part: part);
        Assert.Equal(starts, sequence.GetDocumentStarts());
        Assert.Equal(starts.Length, sequence.DocumentCount);
    }

    [Fact]
    public void Without_a_tokenizer_no_id_ends_a_document() => Assert.Equal([0], new TokenSequence([1, End, 2]).GetDocumentStarts());

    [Fact]
    public void Special_tokens_that_are_allowed_in_a_text_divide_it()
    {
        const string Text = "One story.<|endoftext|>Another.<|endoftext|>";
        var tokenizer = TokenizerCatalog.Gpt2;
        var sequence = new TokenSequence(tokenizer.Encode(Text, allowSpecial: true), tokenizer);
        Assert.Equal([0, tokenizer.Encode("One story.").Length + 1], sequence.GetDocumentStarts());
        Assert.Equal(1, new TokenSequence(tokenizer.Encode(Text), tokenizer).DocumentCount);
    }
}
