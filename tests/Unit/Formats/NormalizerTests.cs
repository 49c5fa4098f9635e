using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Formats;
using PsGpt.Formats.Tokenizers;
using PsGpt.Model;
using PsGpt.Tokenization;
using PsGpt.Unit.Model;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Normalizers of <c>tokenizer.json</c>. The ids are those of Hugging Face's tokenizers 0.23.2 (Rust) for the same file: single bytes and
/// a few added tokens.
/// </summary>
public sealed class NormalizerTests : IDisposable
{
    private const string Marks = "e\u0301\u0327 A\u030A";
    private const string Compatible = "\u212B \uFB01 \u00B2";
    private const string Dotted = "\u00C5\u00C9 \u0130I \u03A3\u0391\u03A3";
    private const string Words = "COVID covid Covid";
    private const string Accents = "x<E\u0301>y <\u00C9> <e\u0301>";
    private const string Raw = "Raw raw RAW e\u0301Raw\u0301";
    private const string Korean = "\u1112\u1161\u11AB \uAC00\u11A8";

    private static readonly AddedToken[] Added =
    [
        new("COVID", 256) { IsSpecial = false, IsNormalized = true },
        new("<E\u0301>", 257) { IsSpecial = false, IsNormalized = true },
        new("Raw", 258) { IsSpecial = false },
        new("<|x|>", 259),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("NFC", Marks, "200 169 204 129 32 195 133")]
    [InlineData("NFC", Compatible, "195 133 32 239 172 129 32 194 178")]
    [InlineData("NFC", Words, "256 32 99 111 118 105 100 32 67 111 118 105 100")]
    [InlineData("NFC", Accents, "120 257 121 32 257 32 60 195 169 62")]
    [InlineData("NFC", Raw, "258 32 114 97 119 32 82 65 87 32 195 169 258 204 129")]
    [InlineData("NFC", "a<|x|>\u0301b", "97 259 204 129 98")]
    [InlineData("NFC", Korean, "237 149 156 32 234 176 129")]
    [InlineData("NFD", Marks, "101 204 167 204 129 32 65 204 138")]
    [InlineData("NFD", Accents, "120 257 121 32 257 32 60 101 204 129 62")]
    [InlineData("NFKC", Compatible, "195 133 32 102 105 32 50")]
    [InlineData("NFKC", "\u304B\u3099 \uFF76\uFF9E", "227 129 140 32 227 130 172")]
    [InlineData("NFKD", Compatible, "65 204 138 32 102 105 32 50")]
    [InlineData("NFKD", "\uD835\uDC9C x\uD83D\uDE00\u0301", "65 32 120 240 159 152 128 204 129")]
    [InlineData("NFKC", "\u32FF \u32FE \uFFFEe\u0301", "227 139 191 32 227 131 178 32 239 191 190 195 169")]
    [InlineData("NFD", "\uD806\uDD38 \u00C9", "240 145 164 184 32 69 204 129")]
    [InlineData("Lowercase", "\u1C89\uA7CB\uA7DC\uD803\uDD50\uD81B\uDEA0", "225 178 138 201 164 198 155 240 144 181 176 240 150 186 187")]
    [InlineData("Lowercase", Dotted, "195 165 195 169 32 105 204 135 105 32 207 131 206 177 207 131")]
    [InlineData("Lowercase", Words, "256 32 256 32 256")]
    [InlineData("Lowercase", Raw, "258 32 114 97 119 32 114 97 119 32 101 204 129 258 204 129")]
    [InlineData("Lowercase NFKD", Dotted, "97 204 138 101 204 129 32 105 204 135 105 32 207 131 206 177 207 131")]
    [InlineData("Lowercase NFKD", Accents, "120 257 121 32 257 32 257")]
    public void Texts_are_normalized_as_by_Hugging_Face(string steps, string text, string ids)
    {
        var tokenizer = Read(steps.Split(' '));
        var expected = Array.ConvertAll(ids.Split(' '), int.Parse);
        Assert.Equal(expected, tokenizer.Encode(text, allowSpecial: true));

        // In parts too, wherever the text is cut.
        for (var length = 1; length < text.Length; length++)
        {
            var encoder = new IncrementalEncoder(tokenizer, allowSpecial: true);
            var tokens = new List<int>();
            for (var start = 0; start < text.Length; start += length)
                encoder.Append(text.AsSpan(start, Math.Min(length, text.Length - start)), tokens);
            encoder.Finish(tokens);
            Assert.Equal(expected, tokens);
        }
    }

    [Fact]
    public void A_sequence_within_a_sequence_is_its_steps()
    {
        var tokenizer = Read(file => file["normalizer"] = JsonNode.Parse(
            """{"type":"Sequence","normalizers":[{"type":"Sequence","normalizers":[{"type":"NFC"}]},{"type":"Lowercase"}]}"""));
        Assert.Equal(["NFC", "Lowercase"], tokenizer.Normalizer!.Steps);
    }

    [Fact]
    public void A_normalizer_survives_an_export_and_is_part_of_the_name()
    {
        var tokenizer = Read(["NFKC", "Lowercase"]);
        var read = TokenizerJson.Read(TokenizerJsonWriter.Write(tokenizer), "tokenizer.json");
        Assert.Equal(["NFKC", "Lowercase"], read.Normalizer!.Steps);
        Assert.Equal(tokenizer.Name, read.Name);
        Assert.NotEqual(tokenizer.Name, Read(["NFC"]).Name);
    }

    [Fact]
    public void A_token_has_the_place_of_the_characters_that_it_stood_for()
    {
        var tokenizer = Read(["NFC"]);
        const string Text = "ae\u0301b COVID \u1112\u1161\u11ABz";
        var offsets = TokenOffset.Encode(Text, tokenizer);
        Assert.Equal(
            [(0, 1, "a"), (1, 2, "e\u0301"), (1, 2, "e\u0301"), (3, 1, "b"), (4, 1, " "), (5, 5, "COVID"), (10, 1, " ")],
            offsets.Take(7).Select(token => (token.Offset, token.Length, token.Text)));
        Assert.All(offsets.Skip(7).Take(3), token => Assert.Equal((11, 3), (token.Offset, token.Length)));
        Assert.Equal((14, 1, "z"), (offsets[^1].Offset, offsets[^1].Length, offsets[^1].Text));
    }

    [Fact]
    public void Formats_without_room_for_a_normalizer_say_so()
    {
        var tokenizer = Read(["NFC"]);
        var sizes = new GptConfiguration { VocabularySize = 260, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };
        using var model = ModelInitializer.Create(sizes, tokenizer, seed: 1);
        var error = Assert.Throws<GptException>(() => ModelFile.Write(model, folder["model.gguf"], "gguf"));
        Assert.Contains("normalizer 'NFC'", error.Message, StringComparison.Ordinal);
        Assert.Equal("FormatCannotHold", ErrorId.Of(() => TokenizerFile.Write(tokenizer, folder["tokenizer.bin"], "llm.c")));
    }

    [Theory]
    [InlineData("Strip")]
    [InlineData("StripAccents")]
    [InlineData("Replace")]
    [InlineData("Prepend")]
    [InlineData("BertNormalizer")]
    public void Others_are_refused_by_their_name(string type)
    {
        var error = Assert.Throws<GptException>(() => Read([type]));
        Assert.Equal("TokenizerUnsupported", error.ErrorId);
        Assert.Contains($"normalizer '{type}'", error.Message, StringComparison.Ordinal);
    }

    private static Tokenizer Read(string[] steps) => Read(file => file["normalizer"] = steps is [var only]
        ? new JsonObject { ["type"] = only }
        : new JsonObject
        {
            ["type"] = "Sequence",
            ["normalizers"] = new JsonArray([.. steps.Select(step => new JsonObject { ["type"] = step })]),
        });

    private static Tokenizer Read(Action<JsonNode> change)
    {
        var plain = new BytePairTokenizer(
            [.. Enumerable.Range(0, 256).Select(value => (byte)value)], [], new Gpt2PreTokenizer(), Added);
        var file = JsonNode.Parse(TokenizerJsonWriter.Write(plain))!;
        change(file);
        return TokenizerJson.Read(JsonSerializer.SerializeToUtf8Bytes(file), "tokenizer.json");
    }
}
