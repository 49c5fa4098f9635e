using System.Text.Json;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

public sealed class GgufTokenizerTests : IDisposable
{
    private const int Normal = 1;
    private const int Control = 3;
    private const int UserDefined = 4;
    private const int Unused = 5;

    private static readonly BytePairTokenizer Trained = Train();

    // openai/gpt-2's bytes_to_unicode: what is printable in Latin-1 stands for itself, the rest follows from U+0100 on.
    private static readonly char[] Characters = MakeCharacters();

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [FixtureFact]
    public void Ids_are_tiktoken_s()
    {
        Tokens((BytePairTokenizer)TokenizerCatalog.Gpt2, 50257).Save(folder["model"]);
        var tokenizer = Read()!;
        Assert.Same(TokenizerCatalog.Gpt2, tokenizer);
        using var cases = JsonDocument.Parse(File.ReadAllText(Fixtures.PathTo("fixtures/tokens/cases.json")));
        foreach (var item in cases.RootElement.EnumerateArray())
        {
            var expected = item.GetProperty("gpt2").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            Assert.Equal(expected, tokenizer.Encode(item.GetProperty("text").GetString()!));
        }
    }

    [Theory]
    [InlineData(300, Unused)]
    [InlineData(304, Unused)]
    [InlineData(304, UserDefined)]
    [InlineData(2000, Unused)]
    public void Tokens_that_stand_for_nothing_are_none(int vocabularySize, int paddingType)
    {
        Tokens(Trained, vocabularySize, paddingType).Save(folder["model"]);
        Assert.Equal((Trained.Name, 300), (Read()!.Name, Read()!.VocabularySize));
    }

    [Theory]
    [InlineData("default")]
    [InlineData(null)]
    public void Older_files_do_not_name_GPT_2_s_split(string? split)
    {
        var file = Tokens(Trained, 300).Without("tokenizer.ggml.pre").Without("tokenizer.ggml.token_type");
        if (split is not null)
            file.Set("tokenizer.ggml.pre", GgufBuilder.Text(split));
        file.Save(folder["model"]);
        Assert.Equal(Trained.Name, Read()!.Name);
    }

    [Fact]
    public void What_ends_a_text_may_have_another_name()
    {
        // Without types, the id of the end is all that tells it from a token that no merge makes.
        var texts = Texts(Trained, 300, out _);
        texts[299] = "the end";
        var file = Tokens(Trained, 300).Set("tokenizer.ggml.tokens", GgufBuilder.Texts(texts)).Without("tokenizer.ggml.token_type");
        file.Set("tokenizer.ggml.eos_token_id", GgufBuilder.UInt32(299)).Save(folder["model"]);
        Assert.Equal(299, Assert.IsType<BytePairTokenizer>(Read()).SpecialTokens["the end"]);
        Assert.Equal([299], Read()!.EndOfTextTokens);
        file.Set("tokenizer.ggml.eot_token_id", GgufBuilder.UInt32(3)).Save(folder["model"]);
        Assert.Equal([299, 3], Read()!.EndOfTextTokens);
        file.Without("tokenizer.ggml.eos_token_id").Without("tokenizer.ggml.eot_token_id").Save(folder["model"]);
        Assert.Equal([], Read()!.EndOfTextTokens);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("none")]
    [InlineData("no_vocab")]
    public void Without_a_tokenizer_a_model_of_GPT_2_s_size_speaks_GPT_2_and_another_none(string? model)
    {
        GgufBuilder Bare(int size) => model is null ? GgufBuilder.Empty(size)
            : GgufBuilder.Empty(size).Set("tokenizer.ggml.model", GgufBuilder.Text(model));
        Bare(50257).Save(folder["model"]);
        Assert.Same(TokenizerCatalog.Gpt2, Read());
        Bare(300).Save(folder["model"]);
        Assert.Null(Read());
    }

    [Fact]
    public void What_would_give_other_ids_is_refused()
    {
        void Refused(string id, Action<GgufBuilder> change)
        {
            var file = Tokens(Trained, 300);
            change(file);
            file.Save(folder["model"]);
            Assert.Equal(id, ErrorOf());
        }

        Refused("TokenizerUnsupported", file => file.Set("tokenizer.ggml.model", GgufBuilder.Text("llama")));
        Refused("TokenizerUnsupported", file => file.Set("tokenizer.ggml.pre", GgufBuilder.Text("llama-bpe")));
        Refused("GgufInvalid", file => file.Without("tokenizer.ggml.tokens"));
        Refused("GgufInvalid", file => file.Without("tokenizer.ggml.merges"));
        Refused("GgufInvalid", file => file.Set("tokenizer.ggml.tokens", GgufBuilder.Integers([1, 2])));
        Refused("GgufInvalid", file => file.Set("tokenizer.ggml.token_type", GgufBuilder.Texts(["a"])));
        Refused("TokenizerUnsupported", file => file.Set("tokenizer.ggml.merges", GgufBuilder.Texts([])));
        Refused("TokenizerFileInvalid",
            file => file.Set("tokenizer.ggml.tokens", GgufBuilder.Texts([.. Texts(Trained, 300, out _).SkipLast(2), "!", "!"])));
    }

    [Fact]
    public void A_tokenizer_comes_back()
    {
        BytePairTokenizer With(int first, params (string, int)[] special) => new(
            Trained.ByteOrder, [.. Trained.Merges.Select(merge => (merge.Left + first, merge.Right + first))], Trained.PreTokenizer,
                special.ToDictionary());
        foreach (var tokenizer in new[] { Trained, With(0, ("<|pad|>", 299), ("<|endoftext|>", 305)),
            With(2, ("<s>", 0), ("<|endoftext|>", 1)), With(0, ("[PAD310]", 310)) })
        {
            using var model =
                ModelInitializer.Create(new() { VocabularySize = 320, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 },
                tokenizer, seed: 1);
            ModelFile.Write(model, folder["model"], "gguf", overwrite: true);
            var read = Assert.IsType<BytePairTokenizer>(Read());
            Assert.Equal((tokenizer.Name, tokenizer.EndOfTextToken), (read.Name, read.EndOfTextToken));
            Assert.Equal(tokenizer.Encode("to be or not to be é\n"), read.Encode("to be or not to be é\n"));
        }
    }

    [Fact]
    public void A_tokenizer_is_written_as_llama_cpp_s_converter_writes_it()
    {
        using var model =
            ModelInitializer.Create(new() { VocabularySize = 304, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 },
            Trained, seed: 1);
        ModelFile.Write(model, folder["model"], "gguf");
        byte[] keys =
            [.. Tokens(Trained, 304).Keys.Where(pair => pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal))
            .SelectMany(pair => Counted(pair.Key).Concat(pair.Value))];
        Assert.True(File.ReadAllBytes(folder["model"]).AsSpan().IndexOf(keys) > 0);
    }

    [Fact]
    public void Another_split_is_not_written_as_GPT_2_s()
    {
        using var model = ModelInitializer.Create(
            new() { VocabularySize = 300, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 },
                new BytePairTokenizer(Trained.ByteOrder, Trained.Merges, new Cl100kPreTokenizer(), endOfText: true), seed: 1);
        Assert.Equal("FormatCannotHold", Assert.Throws<GptException>(() => ModelFile.Write(model, folder["model"], "gguf")).ErrorId);
        Assert.Empty(folder.Names);
    }

    /// <summary>A model of zeros with a tokenizer whose merges make one token after the other.</summary>
    private static GgufBuilder Tokens(BytePairTokenizer tokenizer, int vocabularySize, int paddingType = Unused)
    {
        var texts = Texts(tokenizer, vocabularySize, out var types);
        return GgufBuilder.Empty(vocabularySize)
            .Set("tokenizer.ggml.model", GgufBuilder.Text("gpt2")).Set("tokenizer.ggml.pre", GgufBuilder.Text("gpt-2"))
            .Set("tokenizer.ggml.tokens", GgufBuilder.Texts(texts))
            .Set("tokenizer.ggml.token_type", GgufBuilder.Integers([.. types.Select(type => type == Unused ? paddingType : type)]))
            .Set("tokenizer.ggml.merges",
                GgufBuilder.Texts([.. tokenizer.Merges.Select(merge => $"{texts[merge.Left]} {texts[merge.Right]}")]))
            .Set("tokenizer.ggml.bos_token_id", GgufBuilder.UInt32((uint)tokenizer.EndOfTextToken!))
            .Set("tokenizer.ggml.eos_token_id", GgufBuilder.UInt32((uint)tokenizer.EndOfTextToken!));
    }

    private static string[] Texts(BytePairTokenizer tokenizer, int vocabularySize, out int[] types)
    {
        var end = 256 + tokenizer.Merges.Count;
        types = [.. Enumerable.Range(0, vocabularySize).Select(id => id < end ? Normal : id == end ? Control : Unused)];
        return [.. Enumerable.Range(0, vocabularySize)
            .Select(id => id == end ? "<|endoftext|>" : id > end ? $"[PAD{id}]"
            : string.Concat(tokenizer.GetBytes(id).ToArray().Select(value => Characters[value])))];
    }

    private static char[] MakeCharacters()
    {
        var next = (char)256;
        return [.. Enumerable.Range(0, 256)
            .Select(value => (value >= 33 && value <= 126) || (value >= 161 && value != 173) ? (char)value : next++)];
    }

    private static BytePairTokenizer Train()
    {
        var trainer = new BytePairTrainer();
        foreach (var story in SampleText.Generate(20, 1, SampleTheme.Forest))
            trainer.Add(story);
        return trainer.Train(300);
    }

    private static byte[] Counted(string text) =>
        [.. BitConverter.GetBytes((ulong)text.Length), .. System.Text.Encoding.UTF8.GetBytes(text)];

    private Tokenizer? Read()
    {
        using var model = ModelFile.Read(folder["model"]);
        return model.Tokenizer;
    }

    private string ErrorOf() => Assert.Throws<GptException>(Read).ErrorId;
}
