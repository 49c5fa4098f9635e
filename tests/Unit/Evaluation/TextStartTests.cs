using PsGpt.Evaluation;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Evaluation;

public sealed class TextStartTests
{
    [Theory]
    [InlineData(50257, 50256)]
    [InlineData(50256, null)]
    public void A_text_begins_after_no_token_that_the_model_has_no_row_for(int rows, int? start)
    {
        using var model = new GptModel(
            new GptConfiguration { VocabularySize = rows, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 },
            TokenizerCatalog.Gpt2, "rows");
        Assert.Equal(start, TextStart.Find(model, isLine: false));
        Assert.Equal(198, TextStart.Find(model, isLine: true));
    }
}
