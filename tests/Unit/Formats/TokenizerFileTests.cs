using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Formats;
using PsGpt.Formats.Tokenizers;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

public sealed class TokenizerFileTests : IDisposable
{
    private static readonly GptConfiguration Tiny =
        new() { VocabularySize = 300, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };

    private readonly TemporaryFolder folder = new();
    private readonly BytePairTokenizer tokenizer = Train();

    public TokenizerFileTests()
    {
        using var model = ModelInitializer.Create(Tiny, tokenizer, seed: 1);
        ModelFile.Write(model, folder["model"], "huggingface");
    }

    private string TokenizerPath => Path.Combine(folder["model"], "tokenizer.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Bytes_are_written_as_GPT_2_writes_them()
    {
        // openai/gpt-2's encoder.json: the space is U+0120, the newline U+010A, and é is two characters.
        var vocabulary = Json()["model"]!["vocab"]!.AsObject();
        Assert.Equal(tokenizer.Encode(" ")[0], (int)vocabulary["\u0120"]!);
        Assert.Equal(tokenizer.Encode("\n")[0], (int)vocabulary["\u010a"]!);
        Assert.Equal(tokenizer.Encode("é")[0], (int)vocabulary["\u00c3"]!);
        Assert.Equal(tokenizer.EndOfTextToken, (int)vocabulary["<|endoftext|>"]!);
    }

    [Fact]
    public void The_older_pair_of_files_is_the_same_tokenizer()
    {
        var model = Json()["model"]!;
        File.WriteAllText(Path.Combine(folder["model"], "vocab.json"), model["vocab"]!.ToJsonString());
        File.WriteAllLines(Path.Combine(folder["model"], "merges.txt"),
            ["#version: 0.2", .. model["merges"]!.AsArray().Select(merge => (string)merge!)]);
        File.Delete(TokenizerPath);
        Assert.Equal(tokenizer.Name, ReadTokenizer()!.Name);
        File.AppendAllText(Path.Combine(folder["model"], "merges.txt"), "no pair of tokens\n");
        Assert.Equal("TokenizerFileInvalid", ErrorOf());
    }

    [Fact]
    public void Pairs_may_be_lists()
    {
        Change(file => file["model"]!["merges"] =
            new JsonArray(
            [.. file["model"]!["merges"]!.AsArray()
            .Select(merge => (JsonNode)new JsonArray([.. ((string)merge!).Split(' ').Select(part => (JsonNode)part)]))]));
        Assert.Equal(tokenizer.Name, ReadTokenizer()!.Name);
    }

    [Fact]
    public void The_end_of_text_may_stand_beside_the_vocabulary()
    {
        Change(file => file["model"]!["vocab"]!.AsObject().Remove("<|endoftext|>"));
        Assert.Equal(tokenizer.Name, ReadTokenizer()!.Name);
        Change(file => file["added_tokens"] = new JsonArray());
        Assert.Equal(tokenizer.EndOfTextToken, ReadTokenizer()!.EndOfTextToken);
        File.Delete(Path.Combine(folder["model"], "tokenizer_config.json"));
        Assert.Null(ReadTokenizer()!.EndOfTextToken);
    }

    [Fact]
    public void Special_tokens_come_back()
    {
        var count = 256 + tokenizer.Merges.Count;
        var special = new Dictionary<string, int> { ["<|pad|>"] = count, [BytePairTokenizer.EndOfText] = count + 1 };
        var more = new BytePairTokenizer(tokenizer.ByteOrder, tokenizer.Merges, tokenizer.PreTokenizer, special);
        var read = Assert.IsType<BytePairTokenizer>(TokenizerJson.Read(TokenizerJsonWriter.Write(more), "tokenizer.json"));
        Assert.Equal((more.Name, more.EndOfTextToken), (read.Name, read.EndOfTextToken));
        Assert.Equal("<|pad|>", read.Decode([256 + tokenizer.Merges.Count]));
        var withGap =
            new BytePairTokenizer(tokenizer.ByteOrder, tokenizer.Merges, tokenizer.PreTokenizer,
            new Dictionary<string, int> { ["<|pad|>"] = 1000 });
        Assert.Equal(withGap.Name, TokenizerJson.Read(TokenizerJsonWriter.Write(withGap), "tokenizer.json").Name);
    }

    [Fact]
    public void Merges_of_GPT_2_in_another_order_of_bytes_are_not_GPT_2_s()
    {
        var file = JsonNode.Parse(TokenizerJsonWriter.Write(TokenizerCatalog.Gpt2))!;
        var vocabulary = file["model"]!["vocab"]!;
        (vocabulary["\u0100"], vocabulary["\u0101"]) = ((int)vocabulary["\u0101"]!, (int)vocabulary["\u0100"]!);
        var read = TokenizerJson.Read(JsonSerializer.SerializeToUtf8Bytes(file), "tokenizer.json");
        Assert.NotEqual("gpt2", read.Name);
        Assert.Same(TokenizerCatalog.Gpt2, TokenizerJson.Read(TokenizerJsonWriter.Write(TokenizerCatalog.Gpt2), "tokenizer.json"));
    }

    [Fact]
    public void What_would_give_other_ids_is_refused()
    {
        void Refused(Action<JsonObject> change)
        {
            var whole = File.ReadAllBytes(TokenizerPath);
            Change(change);
            Assert.Equal("TokenizerUnsupported", ErrorOf());
            File.WriteAllBytes(TokenizerPath, whole);
        }

        Refused(file => file["normalizer"] = new JsonObject { ["type"] = "StripAccents" });
        Refused(file => file["pre_tokenizer"] = null);
        Refused(file => file["pre_tokenizer"]!["type"] = "Whitespace");
        Refused(file => file["pre_tokenizer"]!["use_regex"] = false);
        Refused(file => file["model"]!["type"] = "Unigram");
        Refused(file => file["model"]!["dropout"] = 0.1);
        Refused(file => file["model"]!["continuing_subword_prefix"] = "##");
        Refused(file => file["model"]!["end_of_word_suffix"] = "</w>");
        Refused(file => file["model"]!["byte_fallback"] = true);
        Refused(file => file["model"]!["merges"] =
            new JsonArray([.. file["model"]!["merges"]!.AsArray().SkipLast(9).Select(merge => merge!.DeepClone())]));
        Refused(file => file["model"]!["vocab"]!["<|endoftext|>"] = 7);
        Refused(file => (file["model"]!["vocab"]!["<|endoftext|>"], file["added_tokens"]![0]!["id"]) = (7, 7));
        Refused(file => (file["model"]!["vocab"]!["<|endoftext|>"], file["added_tokens"]![0]!["id"]) = (int.MaxValue, int.MaxValue));
    }

    [Fact]
    public void Whole_tokens_come_first_only_where_merges_make_them_too()
    {
        // Of the bytes of "abc", "ab" is merged first, so that "a" and "bc" never meet.
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var late = new BytePairTokenizer(bytes, [('a', 'b'), ('b', 'c'), ('a', 257)], new Gpt2PreTokenizer(), endOfText: true);
        var file = JsonNode.Parse(TokenizerJsonWriter.Write(late))!;
        Assert.Equal([256, 'c'], TokenizerJson.Read(JsonSerializer.SerializeToUtf8Bytes(file), "tokenizer.json").Encode("abc"));
        file["model"]!["ignore_merges"] = true;
        Assert.Equal("TokenizerUnsupported",
            Assert.Throws<GptException>(() => TokenizerJson.Read(JsonSerializer.SerializeToUtf8Bytes(file), "tokenizer.json")).ErrorId);
    }

    [Fact]
    public void A_token_without_its_merge_is_a_special_one_and_named()
    {
        var file = JsonNode.Parse(TokenizerJsonWriter.Write(tokenizer))!;
        file["model"]!["merges"]!.AsArray().RemoveAt(tokenizer.Merges.Count - 1);
        var warnings = new List<string>();
        var read = TokenizerJson.Read(JsonSerializer.SerializeToUtf8Bytes(file), "tokenizer.json", warn: warnings.Add);
        var last = tokenizer.Decode([255 + tokenizer.Merges.Count]);
        Assert.Equal(tokenizer.Merges[^1], (read.Encode(last)[0], read.Encode(last)[1]));
        Assert.Contains("no merge makes", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_that_a_file_puts_around_texts_are_named()
    {
        var file = JsonNode.Parse(TokenizerJsonWriter.Write(tokenizer))!;
        string Warning(string processor)
        {
            file["post_processor"] = JsonNode.Parse(processor);
            var warnings = new List<string>();
            TokenizerJson.Read(JsonSerializer.SerializeToUtf8Bytes(file), "tokenizer.json", warn: warnings.Add);
            return warnings.Count == 0 ? "" : Assert.Single(warnings);
        }

        const string Front = """
            {"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing","single":[
            {"SpecialToken":{"id":"<|endoftext|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]}]}
            """;
        const string Behind = """
            {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<|end|>","type_id":0}}]}
            """;
        const string Neither = """{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}}]}""";
        Assert.Contains("puts <|endoftext|> in front of each text. ", Warning(Front), StringComparison.Ordinal);
        Assert.Contains("puts <|end|> behind each text. ", Warning(Behind), StringComparison.Ordinal);
        Assert.Contains(
            "puts <s> in front of each text and </s> behind each text. ",
            Warning("""{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0]}"""), StringComparison.Ordinal);
        Assert.Empty(Warning(Neither));
        Assert.Empty(Warning("""{"type":"ByteLevel"}"""));
    }

    [Fact]
    public void What_is_no_tokenizer_is_refused()
    {
        foreach (var text in new[] { "", "null", "[]", "{\"model\":7}", "{\"model\":{\"type\":\"BPE\"}}", new string('[', 100_000),
            "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"\\ud800\":0}}}" })
        {
            File.WriteAllText(TokenizerPath, text);
            Assert.Contains(ErrorOf(), new[] { "FileEmpty", "TokenizerFileInvalid", "TokenizerUnsupported" });
        }
    }

    [Fact]
    public void Characters_are_cut_with_a_pattern_that_every_regular_expression_engine_knows()
    {
        var file = JsonNode.Parse(TokenizerJsonWriter.Write(CharacterTrainer.Train(["ab\n"])))!;
        Assert.Equal("[\\s\\S]", (string)file["pre_tokenizer"]!["pattern"]!["Regex"]!);
        Assert.Equal("Isolated", (string)file["pre_tokenizer"]!["behavior"]!);
        Assert.Equal("WordLevel", (string)file["model"]!["type"]!);
        Assert.Equal(0, (int)file["model"]!["vocab"]!["\n"]!);
    }

    private static BytePairTokenizer Train()
    {
        var trainer = new BytePairTrainer();
        foreach (var story in SampleText.Generate(20, 1, SampleTheme.Forest))
            trainer.Add(story);
        return trainer.Train(300);
    }

    private JsonObject Json() => JsonNode.Parse(File.ReadAllBytes(TokenizerPath))!.AsObject();

    private void Change(Action<JsonObject> change)
    {
        var file = Json();
        change(file);
        File.WriteAllText(TokenizerPath, file.ToJsonString());
    }

    private Tokenizer? ReadTokenizer()
    {
        using var model = ModelFile.Read(folder["model"]);
        return model.Tokenizer;
    }

    private string ErrorOf() => Assert.Throws<GptException>(ReadTokenizer).ErrorId;
}
