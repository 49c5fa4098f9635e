using System.Text;
using System.Text.Json;
using PsGpt.Formats.Tokenizers;
using PsGpt.Samples;
using PsGpt.Tokenization;
using PsGpt.Unit.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>What is written is what the programs expect that read it.</summary>
public sealed class TokenizerWriterTests : IDisposable
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_file_for_llm_c_is_byte_for_byte_that_of_its_own_writer()
    {
        foreach (var tokenizer in new[] { (BytePairTokenizer)TokenizerCatalog.Gpt2, Train(),
            new BytePairTokenizer(Bytes, [(97, 98)], new Gpt2PreTokenizer(),
            new Dictionary<string, int> { [BytePairTokenizer.EndOfText] = 0 }) })
        {
            TokenizerFile.Write(tokenizer, folder["tokenizer.bin"], "llm.c", overwrite: true);
            Assert.Equal(new TokenizerFileBuilder(tokenizer).Llmc(2), File.ReadAllBytes(folder["tokenizer.bin"]));
            Assert.Equal(tokenizer.Name, TokenizerFile.Read(folder["tokenizer.bin"]).Name);
        }
    }

    [FixtureTheory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void A_tokenizer_json_gives_tiktoken_s_ids_to_a_reader_of_its_own(string name)
    {
        var tokenizer = (BytePairTokenizer)TokenizerCatalog.Registry.Get(name).Tokenizer;
        TokenizerFile.Write(tokenizer, folder["tokenizer.json"], "huggingface");
        var reader = new PlainTokenizerJson(File.ReadAllBytes(folder["tokenizer.json"]));
        Assert.Equal(tokenizer.SpecialTokens.OrderBy(token => token.Value), reader.AddedTokens.OrderBy(token => token.Value));
        using var cases = JsonDocument.Parse(File.ReadAllText(Fixtures.PathTo("fixtures/tokens/cases.json")));

        // .NET's expressions, which that reader uses, see UTF-16: letters beyond it are no letters to them.
        foreach (var item in cases.RootElement.EnumerateArray()
            .Where(item => item.GetProperty("text").GetString()!.EnumerateRunes().All(rune => rune.IsBmp || !Rune.IsLetterOrDigit(rune))))
            Assert.Equal(item.GetProperty(name).EnumerateArray().Select(id => id.GetInt32()),
                reader.Encode(item.GetProperty("text").GetString()!));
        Assert.Equal(name, TokenizerFile.Read(folder["tokenizer.json"]).Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(258)]
    public void Special_tokens_come_back_wherever_they_stand(int id)
    {
        int Place(int index) => index < id ? index : index + 1;
        var special = new Dictionary<string, int> { ["<x>"] = id, [BytePairTokenizer.EndOfText] = 300 };
        var tokenizer =
            new BytePairTokenizer(Bytes, [(Place('a'), Place('b')), (Place(256), Place('c')), (Place(257), Place('d'))],
            new Gpt2PreTokenizer(), special);
        TokenizerFile.Write(tokenizer, folder["tokenizer.json"], "huggingface");
        Assert.Equal(tokenizer.Encode("abcd abc"), new PlainTokenizerJson(File.ReadAllBytes(folder["tokenizer.json"])).Encode("abcd abc"));
        Assert.Equal(tokenizer.Name, TokenizerFile.Read(folder["tokenizer.json"]).Name);
    }

    [Fact]
    public void Characters_come_back()
    {
        var tokenizer = CharacterTrainer.Train(["añ日\n🦊"]);
        TokenizerFile.Write(tokenizer, folder["tokenizer.json"], "huggingface");
        Assert.Equal(tokenizer.Name, TokenizerFile.Read(folder["tokenizer.json"]).Name);
    }

    [Theory]
    [InlineData("llm.c", "characters")]
    [InlineData("llm.c", "cl100k_base")]
    [InlineData("llm.c", "a token of 256 bytes")]
    [InlineData("llm.c", "two special tokens")]
    [InlineData("llm.c", "no end of text")]
    [InlineData("llm.c", "an unused id")]
    [InlineData("huggingface", "a split of a plug-in")]
    [InlineData("merges", "gpt2")]
    [InlineData("tiktoken", "gpt2")]
    public void What_a_format_cannot_hold_is_refused_and_nothing_is_left(string format, string what)
    {
        Tokenizer tokenizer = what switch
        {
            "characters" => CharacterTrainer.Train(["ab"]),
            "a token of 256 bytes" =>
                new BytePairTokenizer(Bytes, [(97, 97), .. Enumerable.Range(256, 7).Select(id => (id, id))], new Gpt2PreTokenizer(),
                endOfText: true),
            "two special tokens" =>
                new BytePairTokenizer(Bytes, [], new Gpt2PreTokenizer(),
                new Dictionary<string, int> { [BytePairTokenizer.EndOfText] = 256, ["<|pad|>"] = 257 }),
            "no end of text" => new BytePairTokenizer(Bytes, [], new Gpt2PreTokenizer(), endOfText: false),
            "an unused id" =>
                new BytePairTokenizer(Bytes, [], new Gpt2PreTokenizer(),
                new Dictionary<string, int> { [BytePairTokenizer.EndOfText] = 257 }),
            "a split of a plug-in" => new BytePairTokenizer(Bytes, [], new WholeTextPreTokenizer(), endOfText: true),
            _ => TokenizerCatalog.Registry.Get(what).Tokenizer,
        };
        Assert.Equal("FormatCannotHold", TokenizerFile.FindObstacle(tokenizer, folder["file"], format)?.ErrorId);
        Assert.Equal("FormatCannotHold", ErrorOf(() => TokenizerFile.Write(tokenizer, folder["file"], format)));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_token_of_255_bytes_fits()
    {
        // 2, 4 … 128 letters, then all of these and one more.
        (int, int)[] doubles = [(97, 97), .. Enumerable.Range(256, 6).Select(id => (id, id))];
        (int, int)[] sums = [(262, 261), .. Enumerable.Range(0, 5).Select(i => (263 + i, 260 - i)), (268, 97)];
        var tokenizer = new BytePairTokenizer(Bytes, [.. doubles, .. sums], new Gpt2PreTokenizer(), endOfText: true);
        Assert.Equal(255, tokenizer.GetBytes(269).Length);
        TokenizerFile.Write(tokenizer, folder["file"], "llm.c");
        Assert.Equal(new TokenizerFileBuilder(tokenizer).Llmc(2), File.ReadAllBytes(folder["file"]));
    }

    [Fact]
    public void A_target_is_replaced_only_when_told_and_never_a_directory()
    {
        File.WriteAllText(folder["file"], "mine");
        Assert.Equal("TargetExists", ErrorOf(() => TokenizerFile.Write(TokenizerCatalog.Gpt2, folder["file"], "llm.c")));
        Assert.Equal("mine", File.ReadAllText(folder["file"]));
        TokenizerFile.Write(TokenizerCatalog.Gpt2, folder["file"], "llm.c", overwrite: true);
        Assert.Equal("gpt2", TokenizerFile.Read(folder["file"]).Name);
        Directory.CreateDirectory(folder["directory"]);
        Assert.Equal("TargetIsDirectory",
            ErrorOf(() => TokenizerFile.Write(TokenizerCatalog.Gpt2, folder["directory"], "llm.c", overwrite: true)));
        Assert.Equal("WriteFailed",
            ErrorOf(() => TokenizerFile.Write(TokenizerCatalog.Gpt2, Path.Combine(folder["nowhere"], "file"), "llm.c")));
        Assert.Equal("PluginNotFound", ErrorOf(() => TokenizerFile.Write(TokenizerCatalog.Gpt2, folder["other"], "sentencepiece")));
        Assert.Equal(["directory", "file"], folder.Names.Order());
    }

    private static string ErrorOf(Action action) => Assert.Throws<GptException>(action).ErrorId;

    private static BytePairTokenizer Train()
    {
        var trainer = new BytePairTrainer();
        foreach (var story in SampleText.Generate(20, 1, SampleTheme.Forest))
            trainer.Add(story);
        return trainer.Train(300);
    }
}
