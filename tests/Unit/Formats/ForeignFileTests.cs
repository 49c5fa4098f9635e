using PsGpt.Formats;
using PsGpt.Formats.TokenFiles;
using PsGpt.Formats.Tokenizers;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>Files that people give for a model or a tokenizer and that are none: the message names them and says the remedy.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private static readonly GptConfiguration Tiny =
        new() { VocabularySize = 20, ContextLength = 4, LayerCount = 2, HeadCount = 2, ChannelCount = 6 };

    private readonly TemporaryFolder folder = new();

    public ForeignFileTests()
    {
        using var model = ModelInitializer.Create(Tiny, CharacterTrainer.Train(["abc"]), seed: 1);
        ModelFile.Write(model, folder["model"], "huggingface");
    }

    private string Weights => Path.Combine(folder["model"], "model.safetensors");

    private string Configuration => Path.Combine(folder["model"], "config.json");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 548105171\n", "git lfs pull")]
    [InlineData("\n<!doctype html><html>Access denied</html>", "web page")]
    [InlineData("{\"model_type\": \"gpt2\"}", "JSON")]
    [InlineData("lmgg\u0001\0\0\0", "before GGUF")]
    [InlineData("tjgg\u0001\0\0\0", "before GGUF")]
    [InlineData("algg\u0001\0\0\0", "adapter")]
    public void A_file_is_named_by_its_content(string content, string words)
    {
        File.WriteAllText(folder["file"], content);
        Assert.Contains(words, ErrorOf(folder["file"], "FormatUnknown"), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_a_pointer_of_Git_LFS_are_named_as_such()
    {
        TemporaryFolder.Replace(Weights, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"u8.ToArray());
        Assert.Contains("git lfs pull", ErrorOf(folder["model"], "SafetensorsInvalid"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin", "pickle")]
    [InlineData("pytorch_model-00001-of-00002.bin", "pickle")]
    [InlineData("last.ckpt", "pickle")]
    [InlineData("tf_model.h5", "another program")]
    [InlineData("model.onnx", "another program")]
    [InlineData("gpt2.Q8_0.gguf", "give its path")]
    [InlineData("adapter_config.json", "merge_and_unload")]
    public void Weights_of_another_kind_are_named(string name, string words)
    {
        File.Delete(Weights);
        File.WriteAllBytes(Path.Combine(folder["model"], name), [1, 2, 3]);
        var message = ErrorOf(folder["model"], "ModelFileMissing");
        Assert.Contains(words, message, StringComparison.Ordinal);
        File.Delete(Configuration);
        Assert.Contains(words, ErrorOf(folder["model"], "FormatUnknown"), StringComparison.Ordinal);
    }

    [Fact]
    public void Adapters_among_the_weights_are_named()
    {
        SafetensorsBuilder.From(Weights).Add("transformer.h.0.attn.c_attn.lora_A.default.weight", "F32", [1], new byte[4]).Save(Weights);
        Assert.Contains("merge_and_unload", ErrorOf(folder["model"], "ArchitectureUnknown"), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbered_shards_need_no_index_and_a_missing_one_is_named()
    {
        var whole = SafetensorsBuilder.From(Weights).Tensors;
        File.Delete(Weights);
        for (var shard = 0; shard < 2; shard++)
        {
            var part = new SafetensorsBuilder();
            part.Tensors.AddRange(whole.Where((_, i) => i % 2 == shard));
            part.Save(Path.Combine(folder["model"], $"model-0000{shard + 1}-of-00002.safetensors"));
        }

        using (var model = ModelFile.Read(folder["model"]))
            Assert.Equal(Tiny, model.Configuration);
        File.Delete(Path.Combine(folder["model"], "model-00001-of-00002.safetensors"));
        var message = ErrorOf(folder["model"], "ModelFileMissing");
        Assert.Contains("model-00001-of-00002.safetensors', one of 2 parts", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_shard_that_the_index_names_is_named_with_it()
    {
        File.Move(Weights, Path.Combine(folder["model"], "a.safetensors"));
        File.WriteAllText(
            Path.Combine(folder["model"], "model.safetensors.index.json"),
            """{"weight_map": {"x": "a.safetensors", "y": "b.safetensors"}}""");
        var message = ErrorOf(folder["model"], "ModelFileMissing");
        Assert.Contains("b.safetensors', which '", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformer.h.1.mlp.c_fc.bias", "'h.1.mlp.c_fc.bias'")]
    [InlineData("transformer.h.0.attn.c_proj.weight", "'h.0.attn.c_proj.weight'")]
    [InlineData("transformer.ln_f.bias", "'ln_f.bias'")]
    [InlineData("transformer.wpe.weight", "'wpe.weight'")]
    public void A_missing_tensor_is_named(string name, string words)
    {
        var file = SafetensorsBuilder.From(Weights);
        file.Tensors.RemoveAll(tensor => tensor.Name == name);
        file.Save(Weights);
        Assert.Contains(words, ErrorOf(folder["model"], "TensorMissing"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_are_left_out_are_named_once()
    {
        var warnings = new List<string>();
        SafetensorsBuilder.From(Weights).Add("score.weight", "F32", [1], new byte[4]).Add("h.0.attn.bias", "U8", [1], [1]).Save(Weights);
        ModelFile.Read(folder["model"], new ModelReadOptions { Warn = warnings.Add }).Dispose();
        Assert.Contains("score.weight, which a language model does not use", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"n_head\": 2", "\"n_head\": 4", "n_head to 4, which does not divide n_embd, 6")]
    [InlineData("\"n_layer\": 2", "\"n_layer\": 2.5", "n_layer is 2.5")]
    [InlineData("\"n_layer\": 2", "\"n_layer\": \"2\"", "n_layer is \"2\"")]
    public void A_wrong_value_is_named_with_its_key(string old, string value, string words)
    {
        File.WriteAllText(Configuration, File.ReadAllText(Configuration).Replace(old, value, StringComparison.Ordinal));
        Assert.Contains(words, ErrorOf(folder["model"], "ConfigurationFileInvalid"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_number_may_be_written_with_a_point()
    {
        File.WriteAllText(
            Configuration, File.ReadAllText(Configuration).Replace("\"n_layer\": 2", "\"n_layer\": 2.0", StringComparison.Ordinal));
        using var model = ModelFile.Read(folder["model"]);
        Assert.Equal(2, model.Configuration.LayerCount);
    }

    [Fact]
    public void Empty_files_and_a_configuration_that_is_no_object_are_named()
    {
        File.WriteAllText(Configuration, "[1]");
        Assert.Contains("no object", ErrorOf(folder["model"], "ConfigurationFileInvalid"), StringComparison.Ordinal);
        TemporaryFolder.Replace(Configuration, []);
        Assert.Contains("config.json' is empty", ErrorOf(folder["model"], "FileEmpty"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_that_is_given_ends_texts_as_the_configuration_says()
    {
        var json = File.ReadAllText(Configuration);
        File.WriteAllText(
            Configuration, json.Replace("\"bias\": true", "\"bias\": true, \"eos_token_id\": [7, 9]", StringComparison.Ordinal));
        using var model = ModelFile.Read(folder["model"], new ModelReadOptions { Tokenizer = TokenizerCatalog.Gpt2 });
        Assert.Equal([7, 9], model.EndOfTextTokens);
        Assert.Equal("gpt2", model.Tokenizer!.Name);
    }

    [Theory]
    [InlineData("tokenizer.model", "SentencePiece")]
    [InlineData("vocab.txt", "WordPiece")]
    [InlineData("meta.pkl", "pickle")]
    [InlineData("special_tokens_map.json", "give the directory")]
    public void A_tokenizer_of_another_kind_is_named(string name, string words)
    {
        Directory.CreateDirectory(folder["tokenizer"]);
        var path = Path.Combine(folder["tokenizer"], name);
        File.WriteAllText(path, "?");
        Assert.All([path, folder["tokenizer"]], given =>
        {
            var error = Assert.Throws<GptException>(() => TokenizerFile.Read(given));
            Assert.Equal("FormatUnknown", error.ErrorId);
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("tokenizer.model")]
    public void A_tokenizer_beside_a_model_that_is_not_read_is_named(string name)
    {
        File.Delete(Path.Combine(folder["model"], "tokenizer.json"));
        File.WriteAllText(Path.Combine(folder["model"], name), "{}");
        var warnings = new List<string>();
        using var model = ModelFile.Read(folder["model"], new ModelReadOptions { Warn = warnings.Add });
        Assert.Null(model.Tokenizer);
        Assert.Contains($"{name}' is not read as a tokenizer", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Token_files_that_are_something_else_are_named()
    {
        File.WriteAllBytes(folder["file"], [.. "PAR1"u8, 1, 2, 3, 4]);
        var error = Assert.Throws<GptException>(() => TokenFile.Open(folder["file"]));
        Assert.Equal("TokenFormatUnknown", error.ErrorId);
        Assert.Contains("a Parquet file", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<GptException>(() => TokenFile.Open(folder["model"]));
        Assert.Equal("PathNotFound", error.ErrorId);
        Assert.Contains("is a directory", error.Message, StringComparison.Ordinal);
    }

    private static string ErrorOf(string path, string errorId)
    {
        var error = Assert.Throws<GptException>(() => ModelFile.Read(path));
        Assert.Equal(errorId, error.ErrorId);
        return error.Message;
    }
}
