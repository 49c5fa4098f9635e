using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>Small models in the nature of public reports. The losses are those of the plain formulas in Python's floats.</summary>
public sealed class ReportedModelTests : IDisposable
{
    private const double TinyLoss = 6.779334;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [FixtureTheory]
    [InlineData("model-prefix-module-transformer", TinyLoss)]
    [InlineData("model-activation-gelu_fast", TinyLoss)]
    [InlineData("model-weights-named-fp16", TinyLoss)]
    [InlineData("model-n_inner-2x", 6.658752)]
    [InlineData("model-config-attribute-map-names", TinyLoss)]
    [InlineData("model-two-different-heads-no-tie-key", 6.435591)]
    [InlineData("model-pad-token-added-embedding-not-resized", 5.832216)]
    [InlineData("model-encoder-json-vocab-bpe", 5.832216)]
    [InlineData("model-added-word-loses-flags-on-export", 5.837812)]
    public void A_model_has_its_own_loss(string name, double expected)
    {
        using var model = Read(name);
        Assert.Equal(expected, LossOf(model), 2e-5);
    }

    [FixtureTheory]
    [InlineData("model-config-vocab-larger-than-rows", "vocab_size to 304", "(300, 8)")]
    [InlineData("model-config-null-number", "layer_norm_epsilon is null", "a number")]
    public void A_wrong_key_is_named_with_its_value(string name, params string[] words)
    {
        var error = Assert.Throws<GptException>(() => Read(name));
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [FixtureFact]
    public void The_end_of_text_is_the_id_of_the_configuration_before_and_after_an_export()
    {
        using var model = Read("model-eos-is-not-endoftext");
        Assert.Equal([392], model.EndOfTextTokens);
        foreach (var format in new[] { "huggingface", "gguf" })
        {
            ModelFile.Write(model, folder[format], format);
            using var read = ModelFile.Read(folder[format]);
            Assert.Equal([392], read.EndOfTextTokens);
        }

        Assert.Contains("\"eos_token_id\": 392", File.ReadAllText(Path.Combine(folder["huggingface"], "config.json")),
            StringComparison.Ordinal);
        using var gguf = Read("eos-is-not-endoftext.gguf");
        Assert.Equal([392], gguf.EndOfTextTokens);
    }

    [FixtureFact]
    public void A_feed_forward_width_of_its_own_survives_an_export()
    {
        using var model = Read("model-n_inner-2x");
        foreach (var format in new[] { "huggingface", "gguf" })
        {
            ModelFile.Write(model, folder[format], format);
            using var read = ModelFile.Read(folder[format]);
            Assert.Equal(16, read.Configuration.FeedForwardWidth);
            Assert.Equal(LossOf(model), LossOf(read));
        }

        Assert.Equal("FormatCannotHold", Assert.Throws<GptException>(() => ModelFile.Write(model, folder["llm.c"], "llm.c")).ErrorId);
    }

    [FixtureFact]
    public void The_flags_of_added_tokens_survive_an_export()
    {
        using var model = Read("model-added-word-loses-flags-on-export");
        foreach (var format in new[] { "huggingface", "gguf" })
        {
            ModelFile.Write(model, folder[format], format);
            using var read = ModelFile.Read(folder[format]);
            Assert.False(Assert.Single(read.Tokenizer!.GetAddedTokens(), token => token.Text == "COVID").IsSpecial);
            Assert.Equal([268, 394, 268], read.Tokenizer.Encode("mamaCOVIDmama"));
        }
    }

    [FixtureFact]
    public void A_token_without_a_row_is_named_and_all_other_texts_are_fine()
    {
        var warnings = new List<string>();
        using var model = ModelFile.Read(
            Fixtures.PathTo("cases/files/model-pad-token-added-embedding-not-resized"), new ModelReadOptions { Warn = warnings.Add });
        Assert.Contains("392 '<pad>'", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal([268], model.Tokenizer!.Encode("mama"));
    }

    [FixtureTheory]
    [InlineData("padding-called-dummy.gguf")]
    [InlineData("pre-empty.gguf")]
    [InlineData("metadata-array-of-arrays.gguf")]
    public void A_file_of_another_converter_is_read(string name)
    {
        using var model = Read(name);
        Assert.Equal([268, 0, 0], model.Tokenizer!.Encode("mama!!"));
        Assert.Equal(391, model.Tokenizer.EndOfTextToken);
        Assert.InRange(LossOf(model), 1, 40);
    }

    [FixtureFact]
    public void A_tokenizer_can_be_given_to_any_model()
    {
        using var model = ModelFile.Read(
            Fixtures.PathTo("cases/files/model-prefix-module-transformer"), new ModelReadOptions { Tokenizer = TokenizerCatalog.Gpt2 });
        Assert.Same(TokenizerCatalog.Gpt2, model.Tokenizer);
    }

    private static GptModel Read(string name) => ModelFile.Read(Fixtures.PathTo($"cases/files/{name}"));

    /// <summary>The mean cross-entropy of a few ids, summed in double from the logits.</summary>
    private static double LossOf(GptModel model)
    {
        int[] ids = [5, 17, 290, 3, 3, 44, 120, 299, 0, 8, 61];
        using var pass = new GptPass(model, batchSize: 1, sequenceLength: ids.Length - 1, forTraining: false);
        var width = model.Configuration.VocabularySize;
        var logits = new float[(ids.Length - 1) * width];
        pass.ComputeLogits(ids[..^1], logits);
        return Enumerable.Range(0, ids.Length - 1).Average(t =>
        {
            var row = logits[(t * width)..((t + 1) * width)];
            return Math.Log(row.Sum(value => Math.Exp((double)value - row.Max()))) + row.Max() - row[ids[t + 1]];
        });
    }
}
