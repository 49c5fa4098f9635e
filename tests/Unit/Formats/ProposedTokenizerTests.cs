using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>The tokenizer of a model that brings none: GPT-2's where its rows say so, and always with a sentence.</summary>
public sealed class ProposedTokenizerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> warnings = [];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("huggingface")]
    [InlineData("gguf")]
    [InlineData("llm.c")]
    public void GPT2_s_is_taken_for_as_many_rows_as_it_has_tokens_and_that_is_said(string format)
    {
        Write(50257, tokenizer: null, format);
        using var model = Read();
        Assert.Same(TokenizerCatalog.Gpt2, model.Tokenizer);
        Assert.Contains("GPT-2's tokenizer is taken", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("huggingface")]
    [InlineData("gguf")]
    [InlineData("llm.c")]
    public void GPT2_s_is_proposed_for_padded_rows(string format)
    {
        Write(50304, tokenizer: null, format);
        using var model = Read();
        Assert.Null(model.Tokenizer);
        Assert.Contains("the tokenizer 'gpt2'", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300, null, 0)]
    [InlineData(300, "gpt2", 1)]
    [InlineData(50257, "gpt2", 0)]
    public void Otherwise_nothing_is_guessed(int rows, string? given, int warningCount)
    {
        Write(rows, tokenizer: null, "huggingface");
        using var model = Read(given is null ? null : TokenizerCatalog.Gpt2);
        Assert.Equal(given, model.Tokenizer?.Name);
        Assert.Equal(warningCount, warnings.Count);
    }

    [Theory]
    [InlineData(50257)]
    [InlineData(50304)]
    public void What_is_written_for_llm_c_is_read_with_the_tokenizer_beside_it(int rows)
    {
        Write(rows, TokenizerCatalog.Gpt2, "llm.c");
        using var model = Read();
        Assert.Equal("gpt2", model.Tokenizer?.Name);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_tokenizer_of_another_model_beside_it_is_not_taken()
    {
        Write(50304, TokenizerCatalog.Gpt2, "llm.c");
        Write(60000, tokenizer: null, "llm.c");
        using var model = Read();
        Assert.Null(model.Tokenizer);
    }

    private void Write(int rows, Tokenizer? tokenizer, string format)
    {
        var sizes = new GptConfiguration { VocabularySize = rows, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };
        using var model = ModelInitializer.Create(sizes, tokenizer, seed: 1);
        ModelFile.Write(model, folder["model"], format, overwrite: true);
    }

    private GptModel Read(Tokenizer? tokenizer = null) =>
        ModelFile.Read(folder["model"], new ModelReadOptions { Tokenizer = tokenizer, Warn = warnings.Add });
}
