using System.Text.Json;
using System.Text.Json.Nodes;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Which <c>pre_tokenizer</c> is which split. The expressions are those of openai/tiktoken, <c>openai_public.py</c>, in its versions.
/// </summary>
public sealed class PreTokenizerJsonTests
{
    private const string ByteLevel = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}""";
    private const string Cl100k =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Latest =
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s";

    [Theory]
    [InlineData("gpt2", @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    [InlineData("gpt2", @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    [InlineData("gpt2", @"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s")]
    [InlineData("cl100k_base", Cl100k)]
    [InlineData(
        "cl100k_base", @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+")]
    public void An_expression_is_known_by_its_text(string name, string pattern)
    {
        Assert.Equal(name, Read(Sequence(pattern, "Isolated", invert: false))?.Name);
        Assert.Equal(name, Read(Sequence(pattern, "Removed", invert: true))?.Name);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void What_is_written_is_read(string name) =>
        Assert.Equal(name, Read(PreTokenizerJson.Write(PreTokenizerCatalog.Registry.Get(name))!.ToJsonString())?.Name);

    [Fact]
    public void What_cuts_otherwise_is_none()
    {
        // nanochat's and Qwen's expressions, which take fewer digits.
        Assert.Null(Read(Sequence(Cl100k.Replace("{1,3}", "{1,2}", StringComparison.Ordinal), "Isolated", invert: false)));
        Assert.Null(Read(Sequence(Cl100k.Replace("{1,3}", "", StringComparison.Ordinal), "Isolated", invert: false)));

        // tiktoken's latest takes all white space at the end of a text for one pre-token, and its {1,3}+ means another thing to Oniguruma.
        Assert.Null(Read(Sequence(Latest, "Isolated", invert: false)));
        Assert.Null(Read(Sequence(Cl100k, "Isolated", invert: true)));
        Assert.Null(Read(Sequence(Cl100k, "Removed", invert: false)));
        Assert.Null(Read(Sequence(Cl100k, "MergedWithPrevious", invert: false)));
        var usual = Sequence(Cl100k, "Isolated", invert: false);
        Assert.Null(Read(usual.Replace("\"use_regex\":false", "\"use_regex\":true", StringComparison.Ordinal)));
        Assert.Null(Read(usual.Replace(",\"use_regex\":false", "", StringComparison.Ordinal)));
        Assert.Null(Read(usual.Replace("\"add_prefix_space\":false", "\"add_prefix_space\":true", StringComparison.Ordinal)));
        Assert.Null(Read(usual.Replace("\"Regex\"", "\"String\"", StringComparison.Ordinal)));
        Assert.Null(Read($$"""{"type":"Sequence","pretokenizers":[{{ByteLevel}}]}"""));
        Assert.Null(Read(ByteLevel));
        Assert.Null(PreTokenizerJson.Write(new Tokenization.WholeTextPreTokenizer()));
    }

    [Fact]
    public void Sequences_of_one_step_and_within_each_other_are_their_steps()
    {
        const string Gpt2 = """{"type":"ByteLevel","add_prefix_space":true}""";
        foreach (var json in new[] { Gpt2, Nested(Gpt2), Nested(Nested(Gpt2)) })
        {
            using var document = JsonDocument.Parse(json);
            var (preTokenizer, addsPrefixSpace) = PreTokenizerJson.Read(document.RootElement, "file");
            Assert.Equal(("gpt2", true), (preTokenizer.Name, addsPrefixSpace));
        }

        static string Nested(string step) => $$"""{"type":"Sequence","pretokenizers":[{{step}}]}""";
    }

    /// <summary>The pre-tokenizer, or null where it is refused.</summary>
    private static IPreTokenizer? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return PreTokenizerJson.Read(document.RootElement, "file").PreTokenizer;
        }
        catch (GptException exception) when (exception.ErrorId == "TokenizerUnsupported")
        {
            return null;
        }
    }

    private static string Sequence(string pattern, string behavior, bool invert) =>
        $$"""
        {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":{{JsonValue.Create(pattern).ToJsonString()}}},
        "behavior":"{{behavior}}","invert":{{(invert ? "true" : "false")}}},{{ByteLevel}}]}
        """;
}
