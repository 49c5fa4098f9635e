using PsGpt.Data;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Data;

public sealed class TokenBatchTests
{
    private const int End = 50256;

    private static readonly TokenSequence Text = new([1, 2, End, 3, End, 4, End, 5, 6], TokenizerCatalog.Gpt2);

    // Rows: 1 2 ⏎ 3 and ⏎ 4 ⏎ 5.
    [Fact]
    public void Documents_begin_behind_an_end_in_the_same_row()
    {
        var batch = Assert.Single(new TokenBatcher(2, 4).Push(Text));
        Assert.Equal([3, 5, 7], batch.GetDocumentStarts());
        Assert.Equal(3, batch.DocumentCount);
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("shuffled")]
    [InlineData("random")]
    public void Every_batch_source_tells_the_ids_that_end_a_text(string source)
    {
        var loader = BatchSourceCatalog.Registry.Find(source)!.Create(new BatchSourceSetup(Text, 2, 3, Seed: 1));
        Assert.Equal([End], loader.Next().EndOfTextTokens);
    }

    [Fact]
    public void Without_a_tokenizer_no_id_ends_a_document() =>
        Assert.Empty(Assert.Single(new TokenBatcher(2, 4).Push(new TokenSequence(Text.Ids))).GetDocumentStarts());
}
