using System.Text;
using System.Text.Json;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>tiktoken's ids come out of every file that can hold an encoding, written as the program does that it comes from.</summary>
public sealed class TokenizerFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [FixtureTheory]
    [InlineData("gpt2", "llm.c 1")]
    [InlineData("gpt2", "llm.c 2")]
    [InlineData("gpt2", "merges")]
    [InlineData("gpt2", "tiktoken")]
    [InlineData("gpt2", "json")]
    [InlineData("gpt2", "new json")]
    [InlineData("gpt2", "json with all merges")]
    [InlineData("cl100k_base", "tiktoken")]
    [InlineData("cl100k_base", "json")]
    [InlineData("cl100k_base", "new json")]
    [InlineData("cl100k_base", "json with all merges")]
    [InlineData("o200k_base", "tiktoken")]
    [InlineData("o200k_base", "json")]
    [InlineData("o200k_base", "new json")]
    public void Ids_are_tiktoken_s_through_every_file(string name, string layout)
    {
        var tokenizer = TokenizerFile.Read(Write(name, layout), warn: message => Assert.Fail(message));
        Assert.Equal(name, tokenizer.Name);
        Assert.Same(BuiltIn(name), tokenizer);
        AssertCases(name, tokenizer, int.MaxValue);
    }

    [FixtureTheory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void A_tiktoken_file_of_an_unknown_vocabulary_takes_the_split_that_is_given(string name)
    {
        // One token less, so that it is not known and its merges are found again.
        var count = 255 + BuiltIn(name).Merges.Count;
        File.WriteAllBytes(folder["file"], new TokenizerFileBuilder(BuiltIn(name)).Tiktoken(count));
        var tokenizer =
            TokenizerFile.Read(folder["file"], preTokenizer: PreTokenizerCatalog.Registry.Get(name), warn: message => Assert.Fail(message));
        Assert.Equal((count, null), (tokenizer.VocabularySize, tokenizer.EndOfTextToken));
        AssertCases(name, tokenizer, count);

        var warnings = new List<string>();
        var assumed = Assert.IsType<BytePairTokenizer>(TokenizerFile.Read(folder["file"], warn: warnings.Add));
        Assert.Equal("gpt2", assumed.PreTokenizer.Name);
        Assert.Contains("pre-tokenizer of GPT-2", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_of_a_known_size_is_not_known_by_that_alone()
    {
        // The last two tokens of GPT-2 change places.
        var lines = Encoding.ASCII.GetString(new TokenizerFileBuilder(BuiltIn("gpt2")).Tiktoken()).Split('\n');
        (lines[50254], lines[50255]) =
            (lines[50255].Replace("50255", "50254", StringComparison.Ordinal), lines[50254]
            .Replace("50254", "50255", StringComparison.Ordinal));
        File.WriteAllText(folder["file"], string.Join('\n', lines));
        var tokenizer = TokenizerFile.Read(folder["file"]);
        Assert.StartsWith("bpe50256-", tokenizer.Name, StringComparison.Ordinal);
        Assert.Equal(BuiltIn("gpt2").GetBytes(50255), tokenizer.GetBytes(50254));
    }

    [Theory]
    [InlineData("json", "gpt2")]
    [InlineData("merges", "gpt2")]
    [InlineData("llm.c 2", "gpt2")]
    public void Files_without_special_splits_take_none_but_what_they_say(string layout, string actual)
    {
        var path = Write("gpt2", layout);
        if (layout == "json")
            Assert.Equal("SplitMismatch",
                Assert.Throws<GptException>(() => TokenizerFile.Read(path, preTokenizer: new Cl100kPreTokenizer())).ErrorId);
        else
            Assert.Equal("cl100k_base",
                Assert.IsType<BytePairTokenizer>(TokenizerFile.Read(path, preTokenizer: new Cl100kPreTokenizer())).PreTokenizer.Name);
        Assert.Equal(actual, TokenizerFile.Read(path, preTokenizer: new Gpt2PreTokenizer()).Name);
    }

    private static BytePairTokenizer BuiltIn(string name) => (BytePairTokenizer)TokenizerCatalog.Registry.Get(name).Tokenizer;

    private static void AssertCases(string name, Tokenizer tokenizer, int idsBelow)
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Fixtures.PathTo("fixtures/tokens/cases.json")));
        var count = 0;
        foreach (var item in cases.RootElement.EnumerateArray())
        {
            var expected = item.GetProperty(name).EnumerateArray().Select(id => id.GetInt32()).ToArray();
            if (expected.Any(id => id >= idsBelow))
                continue;
            Assert.Equal(expected, tokenizer.Encode(item.GetProperty("text").GetString()!));
            count++;
        }

        Assert.True(count > 20);
    }

    /// <summary>Writes the file under a name that says nothing.</summary>
    private string Write(string name, string layout)
    {
        var builder = new TokenizerFileBuilder(BuiltIn(name));
        if (layout == "merges")
        {
            File.WriteAllBytes(folder["a-vocab.json"], builder.Vocabulary());
            File.WriteAllBytes(folder["a-merges.txt"], builder.Merges());
            return folder["a-merges.txt"];
        }

        File.WriteAllBytes(folder["file"], layout switch
        {
            "llm.c 1" => builder.Llmc(1),
            "llm.c 2" => builder.Llmc(2),
            "tiktoken" => builder.Tiktoken(),
            "json" => builder.Json(isNew: false),
            "new json" => builder.Json(isNew: true),
            _ => builder.ConvertedJson(),
        });
        return folder["file"];
    }
}
