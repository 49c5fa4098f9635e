using System.Text;
using PsGpt.Formats.Tokenizers;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>Which format a path holds, and what is said where it holds none.</summary>
public sealed class TokenizerDetectionTests : IDisposable
{
    private static readonly BytePairTokenizer Small =
        new([.. Enumerable.Range(0, 256).Select(value => (byte)value)], [('a', 'b'), (256, 'c')], new Gpt2PreTokenizer(), endOfText: true);

    private readonly TemporaryFolder folder = new();
    private readonly TokenizerFileBuilder builder = new(Small);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("vocab.json", "merges.txt")]
    [InlineData("gpt2-vocab.json", "gpt2-merges.txt")]
    [InlineData("encoder.json", "vocab.bpe")]
    public void Either_of_the_two_files_finds_the_other(string vocabulary, string merges)
    {
        Write(vocabulary, builder.Vocabulary());
        Assert.Equal("TokenizerPartMissing", ErrorOf(vocabulary));
        Write(merges, builder.Merges());
        Assert.Equal(Small.Name, Read(vocabulary).Name);
        Assert.Equal(Small.Name, Read(merges).Name);
    }

    [Fact]
    public void Special_tokens_that_the_two_files_do_not_list_are_known_by_their_looks()
    {
        // As ByteLevelBPETokenizer saves what it trained: special tokens first. "<->" is no special token, since a merge makes it.
        var tokenizer =
            new BytePairTokenizer(Small.ByteOrder, [('-' + 3, '>' + 3), ('<' + 3, 259)], new Gpt2PreTokenizer(),
            new Dictionary<string, int> { ["<s>"] = 0, ["[PAD]"] = 1, ["</s>"] = 2 });
        Assert.Equal([260], tokenizer.Encode("<->"));
        var files = new TokenizerFileBuilder(tokenizer);
        Write("vocab.json", files.Vocabulary());
        Write("merges.txt", files.Merges());
        Assert.Equal(tokenizer.Name, Read("vocab.json").Name);
        Write("vocab.json",
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files.Vocabulary()).Replace("[PAD]", "PAD", StringComparison.Ordinal)));
        var warnings = new List<string>();
        var read = Assert.IsType<BytePairTokenizer>(TokenizerFile.Read(folder["vocab.json"], warn: warnings.Add));
        Assert.Equal(1, read.SpecialTokens["PAD"]);
        Assert.Contains("'PAD'", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_directory_of_a_model_will_do()
    {
        Directory.CreateDirectory(folder["model"]);
        Assert.Equal("FormatUnknown", ErrorOf("model"));
        Write("model/vocab.json", builder.Vocabulary());
        Write("model/merges.txt", builder.Merges());
        Assert.Equal(Small.Name, Read("model").Name);

        // tokenizer.json says more than the pair, so it comes first.
        Write("model/tokenizer.json", TokenizerJsonWriter.Write(CharacterTrainer.Train(["abc"])));
        Assert.IsType<CharacterTokenizer>(Read("model"));
        Assert.Equal(Small.Name, TokenizerFile.Read(folder["model"], "merges").Name);
    }

    [Fact]
    public void Marks_and_line_ends_of_Windows_change_nothing()
    {
        static byte[] Windows(byte[] content) =>
            [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).ReplaceLineEndings("\r\n"))];
        Write("vocab.json", Windows(builder.Vocabulary()));
        Write("merges.txt", Windows(builder.Merges()));
        Assert.Equal(Small.Name, Read("merges.txt").Name);
        Write("file", Windows(builder.Json(isNew: false)));
        Assert.Equal(Small.Name, Read("file").Name);
        var expected =
            BytePairTokenizer.FromTokens([.. Enumerable.Range(0, 258).Select(id => Small.GetBytes(id).ToArray())], new Gpt2PreTokenizer(),
            new Dictionary<string, int>());
        Write("file", Windows(builder.Tiktoken())[3..]);
        Assert.Equal(expected.Name, Read("file").Name);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Files_in_UTF16_are_read_as_well(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] Encode(byte[] content) => [.. encoding.GetPreamble(), .. encoding.GetBytes(Encoding.UTF8.GetString(content))];
        Write("file", Encode(builder.Json(isNew: false)));
        Assert.Equal(Small.Name, Read("file").Name);
        Write("vocab.json", Encode(builder.Vocabulary()));
        Write("merges.txt", Encode(builder.Merges()));
        Assert.Equal(Small.Name, Read("merges.txt").Name);
        Write("file.tiktoken", Encode(builder.Tiktoken()));
        Assert.Equal([257], Read("file.tiktoken").Encode("abc"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n \t\n")]
    [InlineData("\uFEFF \n\n")]
    public void Blank_lines_in_front_of_a_tiktoken_file_mean_nothing(string front)
    {
        Write("file.tiktoken", [.. Encoding.UTF8.GetBytes(front), .. builder.Tiktoken()]);
        Assert.Equal([257], Read("file.tiktoken").Encode("abc"));
    }

    [Fact]
    public void Blank_lines_may_stand_before_the_version()
    {
        Write("vocab.json", builder.Vocabulary());
        Write("merges.txt", [.. "\n\r\n"u8, .. builder.Merges()]);
        Assert.Equal(Small.Name, Read("merges.txt").Name);
    }

    [Fact]
    public void A_beginning_of_text_that_a_pair_s_settings_ask_for_is_reported()
    {
        Directory.CreateDirectory(folder["model"]);
        Write("model/vocab.json", builder.Vocabulary());
        Write("model/merges.txt", builder.Merges());
        Write("model/tokenizer_config.json", """{"add_bos_token": true}"""u8.ToArray());
        var warnings = new List<string>();
        Assert.Equal([257], TokenizerFile.Read(folder["model"], warn: warnings.Add).Encode("abc"));
        Assert.Contains("add_bos_token", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_pair_in_a_directory_is_named()
    {
        Directory.CreateDirectory(folder["model"]);
        Write("model/vocab.json", builder.Vocabulary());
        Assert.Equal("TokenizerPartMissing", Assert.Throws<GptException>(() => Read("model")).ErrorId);
    }

    [Fact]
    public void A_merge_of_the_comment_s_letters_is_a_merge()
    {
        // Only as the first line does it tell the version.
        var tokenizer = new BytePairTokenizer([.. Enumerable.Range(0, 256).Select(value => (byte)value)],
            [('#', 'v'), (256, 'e'), (257, 'r'), (258, 's'), (259, 'i'), (260, 'o'), (261, 'n'), (262, '!')], new Gpt2PreTokenizer(),
                endOfText: true);
        var files = new TokenizerFileBuilder(tokenizer);
        Write("vocab.json", files.Vocabulary());
        Write("merges.txt", files.Merges());
        Assert.Equal(tokenizer.Name, Read("vocab.json").Name);
    }

    [Fact]
    public void The_rank_that_p50k_base_leaves_out_is_its_end_of_text()
    {
        var lines = Encoding.ASCII.GetString(builder.Tiktoken()).Split('\n');
        Write("file",
            Encoding.ASCII.GetBytes(string.Join('\n', [.. lines[..257], lines[257].Replace(" 257", " 258", StringComparison.Ordinal)])));
        var tokenizer = Read("file");
        Assert.Equal((257, 259), (tokenizer.EndOfTextToken, tokenizer.VocabularySize));
        Assert.Equal([258, 256], tokenizer.Encode("abcab"));
    }

    [Theory]
    [InlineData("a text, and no tokenizer", "FormatUnknown")]
    [InlineData("", "FileEmpty")]
    [InlineData("[1, 2]", "FormatUnknown")]
    [InlineData("{}", "FormatUnknown")]
    [InlineData("{\"version\": \"1.0\"}", "TokenizerFileInvalid")]
    [InlineData("{\"!\": 0}", "TokenizerPartMissing")]
    [InlineData("IQ== 0\n", "VocabularyInvalid")]
    [InlineData("IQ== 1\n", "TokenizerFileInvalid")]
    [InlineData("IQ== 0\nIg== 0\n", "TokenizerFileInvalid")]
    [InlineData("IQ== 0\nIg== 1 2\n", "TokenizerFileInvalid")]
    [InlineData("IQ== 0\nno base64\n", "TokenizerFileInvalid")]
    public void What_is_none_is_refused(string content, string errorId)
    {
        Write("file", Encoding.UTF8.GetBytes(content));
        Assert.Equal(errorId, ErrorOf("file"));
    }

    [Theory]
    [InlineData(0, 20240328, "")]
    [InlineData(0, 20240326, "TokenizerFileInvalid")]
    [InlineData(1, 3, "TokenizerUnsupported")]
    [InlineData(1, 1, "TokenizerFileInvalid")]
    [InlineData(2, 260, "TokenizerFileInvalid")]
    [InlineData(2, 258, "TokenizerFileInvalid")]
    [InlineData(2, int.MaxValue, "TokenizerFileInvalid")]
    [InlineData(2, -1, "TokenizerFileInvalid")]
    [InlineData(3, 257, "TokenizerFileInvalid")]
    [InlineData(3, -1, "TokenizerFileInvalid")]
    [InlineData(3, int.MaxValue, "TokenizerFileInvalid")]
    public void A_broken_header_of_llm_c_is_refused(int field, int value, string errorId)
    {
        var content = builder.Llmc(2);
        BitConverter.TryWriteBytes(content.AsSpan(4 * field), value);
        Write("file", content);
        Assert.Equal(errorId, Record.Exception(() => TokenizerFile.Read(folder["file"], "llm.c")) is { } exception
            ? Assert.IsType<GptException>(exception).ErrorId : "");
    }

    [Fact]
    public void Paths_and_formats_that_are_not_there_are_told()
    {
        Assert.Equal("PathNotFound", ErrorOf("nothing"));
        Write("file", builder.Llmc(2));
        Assert.Equal("PluginNotFound", Assert.Throws<GptException>(() => TokenizerFile.Read(folder["file"], "sentencepiece")).ErrorId);
        foreach (var format in new[] { "huggingface", "merges", "tiktoken" })
            Assert.Contains(Assert.Throws<GptException>(() => TokenizerFile.Read(folder["file"], format)).ErrorId,
                new[] { "TokenizerFileInvalid", "TokenizerPartMissing" });
        Directory.CreateDirectory(folder["directory"]);
        foreach (var format in new[] { "gguf", "huggingface", "llm.c", "tiktoken" })
            Assert.Equal("PathNotFound", Assert.Throws<GptException>(() => TokenizerFile.Read(folder["directory"], format)).ErrorId);
    }

    [Fact]
    public void A_GGUF_file_needs_no_weights_for_its_tokenizer()
    {
        var file = new GgufBuilder().Set("general.architecture", GgufBuilder.Text("gpt2"))
            .Set("tokenizer.ggml.model", GgufBuilder.Text("gpt2"))
            .Set("tokenizer.ggml.tokens",
                GgufBuilder.Texts(
                [.. Enumerable.Range(0, 258)
                .Select(id => string.Concat(Small.GetBytes(id).ToArray().Select(value => TokenizerFileBuilder.ByteToUnicode()[value]))),
                "<|endoftext|>"]))
            .Set("tokenizer.ggml.merges", GgufBuilder.Texts(["a b", "ab c"]));
        file.Save(folder["file"]);
        Assert.Equal(Small.Name, Read("file").Name);
        file.Set("tokenizer.ggml.model", GgufBuilder.Text("none")).Save(folder["file"]);
        Assert.Equal("TokenizerMissing", ErrorOf("file"));
        Write("file", File.ReadAllBytes(folder["file"])[..100]);
        Assert.Equal("ModelFileTruncated", ErrorOf("file"));
    }

    private void Write(string name, byte[] content) => File.WriteAllBytes(folder[name], content);

    private Tokenizer Read(string name) => TokenizerFile.Read(folder[name]);

    private string ErrorOf(string name) => Assert.Throws<GptException>(() => Read(name)).ErrorId;
}
