using PsGpt.Evaluation;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Training;
using PsGpt.Unit.Formats;
using PsGpt.Unit.Training;

namespace PsGpt.Unit.Model;

/// <summary>A model that gets a tokenizer: it is as if its files had been read with that one, and it stays one model.</summary>
public sealed class GivenTokenizerTests : IDisposable
{
    private const string Text = "hello there, world";

    private static readonly GptConfiguration PaddedGpt2 =
        new() { VocabularySize = 50304, ContextLength = 8, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };

    private readonly TemporaryFolder folder = new();
    private readonly List<string> warnings = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_text_has_the_loss_of_the_model_that_was_read_with_the_tokenizer()
    {
        using (var written = ModelInitializer.Create(PaddedGpt2, tokenizer: null, seed: 1))
            ModelFile.Write(written, folder["bare"], "huggingface");
        using var bare = ModelFile.Read(folder["bare"]);
        using var read = ModelFile.Read(folder["bare"], new ModelReadOptions { Tokenizer = TokenizerCatalog.Gpt2 });
        Assert.Null(bare.Tokenizer);
        Assert.Equal(LossOf(read), LossOf(bare.WithTokenizer(TokenizerCatalog.Gpt2, warnings.Add)));
        Assert.Empty(warnings);
        Assert.Null(bare.Tokenizer);
    }

    [Fact]
    public void Training_one_of_the_two_objects_trains_both()
    {
        using var model = SmallTraining.NewModel();
        var before = SmallTraining.Weights(model);
        var same = model.WithTokenizer(TokenizerCatalog.Gpt2);
        using (var trainer = new Trainer(same, new TrainerOptions()))
            trainer.Step(SmallTraining.Batch());
        Assert.Equal(1, model.Steps);
        Assert.NotEqual(before, SmallTraining.Weights(model));
        Assert.Equal(SmallTraining.Weights(same), SmallTraining.Weights(model));

        using var forward = ForwardResult.Compute(same, SmallTraining.Batch(), seed: 0);
        using var stages = new Trainer(model, new TrainerOptions());
        stages.Accumulate(forward.Backward());
        stages.Update();
        Assert.Equal(2, same.Steps);
    }

    [Fact]
    public void Both_are_busy_and_both_are_freed()
    {
        var model = SmallTraining.NewModel();
        var same = model.WithTokenizer(TokenizerCatalog.Gpt2);
        using (new Trainer(model, new TrainerOptions()))
            Assert.Equal("ModelInUse", Assert.Throws<GptException>(() => ModelFile.Write(same, folder["busy"], "huggingface")).ErrorId);
        same.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ContextCrop.Crop(model, 4));
    }

    [Fact]
    public void An_export_carries_the_tokenizer()
    {
        using var model = ModelInitializer.Create(PaddedGpt2, tokenizer: null, seed: 1);
        foreach (var format in new[] { "huggingface", "gguf", "llm.c" })
        {
            var path = Path.Combine(Directory.CreateDirectory(folder[$"{format} folder"]).FullName, "model");
            ModelFile.Write(model.WithTokenizer(TokenizerCatalog.Gpt2), path, format);
            using var read = ModelFile.Read(path, new ModelReadOptions { Warn = warnings.Add });
            Assert.Equal("gpt2", read.Tokenizer?.Name);
        }

        Assert.Empty(warnings);
    }

    [Fact]
    public void Tokens_without_a_row_are_named_and_refused_only_where_a_text_has_them()
    {
        using var model = ModelInitializer.Create(PaddedGpt2 with { VocabularySize = 50256 }, tokenizer: null, seed: 1);
        var same = model.WithTokenizer(TokenizerCatalog.Gpt2, warnings.Add);
        Assert.Contains("there is none for 50256 '<|endoftext|>'", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.InRange(LossOf(same), 1, 40);
        using var decoder = new GptDecoder(same);
        Assert.Equal("TokenOutsideVocabulary", Assert.Throws<GptException>(() => decoder.Append([50256])).ErrorId);
    }

    [FixtureTheory]
    [InlineData("model-eos-is-not-endoftext")]
    [InlineData("eos-is-not-endoftext.gguf")]
    public void A_text_ends_where_the_files_of_the_model_say_it(string name)
    {
        using var model = ModelFile.Read(Fixtures.PathTo($"cases/files/{name}"));
        var tokenizer = ((BytePairTokenizer)model.Tokenizer!).WithEndOfText([391]);
        Assert.Equal([392], model.WithTokenizer(tokenizer).EndOfTextTokens);
        using var read = ModelFile.Read(Fixtures.PathTo($"cases/files/{name}"), new ModelReadOptions { Tokenizer = tokenizer });
        Assert.Equal([392], read.EndOfTextTokens);
        using var cropped = ContextCrop.Crop(model, 4);
        Assert.Equal([392], cropped.WithTokenizer(tokenizer).EndOfTextTokens);
    }

    [Fact]
    public void The_end_of_text_survives_where_there_is_no_tokenizer()
    {
        using (var written = ModelInitializer.Create(PaddedGpt2, TokenizerCatalog.Gpt2, seed: 1))
            ModelFile.Write(written, folder["first"], "huggingface");
        File.Delete(Path.Combine(folder["first"], "tokenizer.json"));
        File.Delete(Path.Combine(folder["first"], "tokenizer_config.json"));
        using (var bare = ModelFile.Read(folder["first"]))
        {
            Assert.Null(bare.Tokenizer);
            Assert.Equal([50256], bare.EndOfTextTokens);
            ModelFile.Write(bare, folder["second"], "huggingface");
        }

        using var read = ModelFile.Read(folder["second"]);
        Assert.Equal([50256], read.EndOfTextTokens);
    }

    [Fact]
    public void A_tokenizer_that_cannot_be_read_does_not_stand_in_the_way()
    {
        using (var written = ModelInitializer.Create(PaddedGpt2, TokenizerCatalog.Gpt2, seed: 1))
            ModelFile.Write(written, folder["model"], "huggingface");
        File.WriteAllText(Path.Combine(folder["model"], "tokenizer.json"), "{\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}");
        Assert.Equal("TokenizerUnsupported", Assert.Throws<GptException>(() => ModelFile.Read(folder["model"])).ErrorId);
        GptException? error = null;
        using var bare = ModelFile.Read(folder["model"], new ModelReadOptions { TokenizerFailed = exception => error = exception });
        Assert.Equal("TokenizerUnsupported", error?.ErrorId);
        Assert.Equal("gpt2", bare.WithTokenizer(TokenizerCatalog.Gpt2).Tokenizer?.Name);
    }

    [Fact]
    public void Warnings_of_the_tokenizer_go_their_own_way()
    {
        using (var written = ModelInitializer.Create(PaddedGpt2, tokenizer: null, seed: 1))
            ModelFile.Write(written, folder["bare"], "llm.c");
        var ofTokenizer = new List<string>();
        using var model = ModelFile.Read(
            folder["bare"], new ModelReadOptions { Warn = warnings.Add, WarnOfTokenizer = ofTokenizer.Add });
        Assert.Empty(warnings);
        Assert.Contains("'gpt2'", Assert.Single(ofTokenizer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50304, "'gpt2'")]
    [InlineData(50257, "'gpt2'")]
    [InlineData(300, "trained with")]
    public void A_model_without_one_says_what_to_give(int rows, string expected)
    {
        using var model = ModelInitializer.Create(PaddedGpt2 with { VocabularySize = rows }, tokenizer: null, seed: 1);
        var error = Assert.Throws<GptException>(() => model.RequireTokenizer());
        Assert.Equal("TokenizerMissing", error.ErrorId);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static double LossOf(GptModel model) => TextScorer.Score(model, Text).Loss;
}
