using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Formats;
using PsGpt.Formats.Tokenizers;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Vocabularies whose ids do not follow from the order of their merges. The ids are those of Hugging Face's tokenizers 0.23.2 (Rust) for
/// the same file.
/// </summary>
public sealed class IdOrderTests : IDisposable
{
    private static readonly string[] Merged = ["cd", "abc", "ab", "bc", "abcd", "\u0120ab"];
    private static readonly string[] Merges = ["a b", "c d", "b c", "ab c", "a bc", "ab cd", "\u0120 ab"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("abc", "1")]
    [InlineData("abcd", "4")]
    [InlineData("bcd", "165 0")]
    [InlineData("xbcab", "143 3 2")]
    [InlineData(" ab abcd", "5 231 4")]
    [InlineData("cdab", "0 2")]
    [InlineData("a<x>bc", "166 300 3")]
    public void The_ids_are_those_of_the_vocabulary_and_the_order_that_of_the_merges(string text, string ids)
    {
        var tokenizer = Read(_ => { });
        Assert.Equal(Array.ConvertAll(ids.Split(' '), int.Parse), tokenizer.Encode(text, allowSpecial: true));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, allowSpecial: true)));
    }

    [Theory]
    [InlineData("huggingface")]
    [InlineData("gguf")]
    public void They_survive_an_export(string format)
    {
        var tokenizer = Read(_ => { });
        var sizes = new GptConfiguration { VocabularySize = 301, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };
        using var model = ModelInitializer.Create(sizes, tokenizer, seed: 1);
        ModelFile.Write(model, folder["model"], format);
        using var read = ModelFile.Read(folder["model"]);
        Assert.Equal(tokenizer.Encode(" ab abcd bcd xyz"), read.Tokenizer!.Encode(" ab abcd bcd xyz"));
        Assert.Equal(tokenizer.Name, read.Tokenizer.Name);
    }

    [Fact]
    public void Another_order_is_another_name()
    {
        var swapped = Read(file => (file["model"]!["vocab"]!["cd"], file["model"]!["vocab"]!["ab"]) = (2, 0));
        Assert.NotEqual(Read(_ => { }).Name, swapped.Name);
        Assert.Equal([1], swapped.Encode("abc"));
        Assert.Equal([165, 2], swapped.Encode("bcd"));
    }

    [Fact]
    public void A_file_whose_ids_are_ranks_cannot_hold_them()
    {
        var tokenizer = Read(file =>
        {
            file["model"]!["vocab"]!.AsObject().Remove("<x>");
            file["added_tokens"]![0]!["content"] = "<|endoftext|>";
        });
        var error = Assert.Throws<GptException>(() => TokenizerFile.Write(tokenizer, folder["tokenizer.bin"], "llm.c"));
        Assert.Equal("FormatCannotHold", error.ErrorId);
    }

    [Theory]
    [InlineData("""{"cd":1}""", "both have the id 1")]
    [InlineData("""{"cd":-1}""", "the id -1")]
    [InlineData("""{"cd":9999}""", "go up to 9999")]
    public void Ids_that_cannot_be_are_named(string change, string problem)
    {
        var error = Assert.Throws<GptException>(() => Read(file =>
        {
            foreach (var (token, id) in JsonNode.Parse(change)!.AsObject())
                file["model"]!["vocab"]![token] = (int)id!;
        }));
        Assert.Equal("TokenizerUnsupported", error.ErrorId);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_of_a_token_that_is_not_there_is_named()
    {
        var error = Assert.Throws<GptException>(() => Read(file => file["model"]!["merges"]!.AsArray().Add("abc x")));
        Assert.Equal("TokenizerFileInvalid", error.ErrorId);
        Assert.Contains("merge 8, 'abc x'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The merged tokens have the first ids, the bytes the last, backwards, and two merges make one token.</summary>
    private static Tokenizer Read(Action<JsonNode> change)
    {
        var characters = TokenizerFileBuilder.ByteToUnicode();
        var vocabulary = new JsonObject { ["<x>"] = 300 };
        for (var i = 0; i < Merged.Length; i++)
            vocabulary[Merged[i]] = i;
        for (var value = 0; value < 256; value++)
            vocabulary[$"{characters[(byte)value]}"] = Merged.Length + 2 + 255 - value;
        JsonNode file = new JsonObject
        {
            ["added_tokens"] = new JsonArray(new JsonObject { ["id"] = 300, ["content"] = "<x>", ["special"] = true }),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray([.. Merges.Select(merge => JsonValue.Create(merge))]),
            },
        };
        change(file);
        return TokenizerJson.Read(JsonSerializer.SerializeToUtf8Bytes(file), "tokenizer.json");
    }
}
