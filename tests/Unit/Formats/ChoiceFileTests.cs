using System.Text;
using PsGpt.Data;
using PsGpt.Formats.Choices;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

public sealed class ChoiceFileTests : IDisposable
{
    private const string Lines = """
        {"ind": 24, "ctx": "A man", "endings": ["sits.", "runs away.", "is.", "has"], "label": 3}

        {"ctx": "The roof", "endings": ["falls", "sings"], "label": "1", "split": "val"}
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_of_JSON_have_endings_with_a_space_before_them()
    {
        File.WriteAllText(folder["val.jsonl"], Lines);
        var examples = ChoiceFile.Read(folder["val.jsonl"], TokenizerCatalog.Gpt2).ToArray();
        Assert.Equal([(24, 3), (2, 1)], examples.Select(example => (example.Index, example.Label)));
        Assert.Equal(["A man", "The roof"], examples.Select(example => TokenizerCatalog.Gpt2.Decode(example.Context)));
        Assert.Equal([" sits.", " runs away.", " is.", " has"], examples[0].Endings.Select(ending => TokenizerCatalog.Gpt2.Decode(ending)));
    }

    [Fact]
    public void A_file_of_llm_c_has_the_examples_that_were_written()
    {
        var written = Examples();
        File.WriteAllBytes(folder["val.bin"], ToBytes(written));
        var read = ChoiceFile.Read(folder["val.bin"], tokenizer: null).ToArray();
        Assert.Equal(written.Select(example => (example.Index, example.Label)), read.Select(example => (example.Index, example.Label)));
        Assert.Equal(written.Select(example => example.Context), read.Select(example => example.Context));
        Assert.Equal(written.SelectMany(example => example.Endings), read.SelectMany(example => example.Endings));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"ctx": "a", "endings": ["b", "c"]}""")]
    [InlineData("""{"ctx": "a", "endings": ["b", "c"], "label": 2}""")]
    [InlineData("""{"ctx": "a", "endings": ["b"], "label": 0}""")]
    [InlineData("""{"ctx": "", "endings": ["b", "c"], "label": 0}""")]
    [InlineData("""{"ctx": 1, "endings": ["b", "c"], "label": 0}""")]
    [InlineData("""{"ctx": "a", "endings": ["b", "c"], "label": "99999999999"}""")]
    public void A_line_that_is_no_example_is_an_error_with_its_number(string line)
    {
        File.WriteAllLines(folder["val.jsonl"], [.. Lines.Split('\n'), line]);
        var read = new List<ChoiceExample>();
        var error = Assert.Throws<GptException>(() =>
            read.AddRange(Each(ChoiceFile.Read(folder["val.jsonl"], TokenizerCatalog.Gpt2), read)));
        Assert.Equal("ChoiceFileInvalid", error.ErrorId);
        Assert.Contains("Line 4", error.Message);
        Assert.Equal(2, read.Count);
    }

    [Fact]
    public void Texts_need_a_tokenizer_and_a_file_must_exist()
    {
        File.WriteAllText(folder["val.jsonl"], Lines);
        Assert.Equal("TokenizerMissing", ErrorOf(folder["val.jsonl"]));
        Assert.Equal("PathNotFound", ErrorOf(folder["none.bin"]));

        static string ErrorOf(string path) => Assert.Throws<GptException>(() => ChoiceFile.Read(path, tokenizer: null).ToArray()).ErrorId;
    }

    [Fact]
    public void Mutated_files_of_llm_c_end_in_examples_or_a_clear_error() => MutationTests.Mutate(
        ToBytes(Examples()), bytes => _ = LlmcEvaluationFile.Read(new MemoryBytes(bytes), "val.bin").ToArray());

    private static ChoiceExample[] Examples() =>
    [
        new() { Index = 7, Label = 2, Context = [1, 2, 50256], Endings = [[3], [4, 5], [6], [7, 8, 9]] },
        new() { Index = 8, Label = 0, Context = [65534], Endings = [[1, 1], [2, 2]] },
    ];

    private static IEnumerable<ChoiceExample> Each(IEnumerable<ChoiceExample> examples, List<ChoiceExample> read)
    {
        foreach (var example in examples)
            read.Add(example);
        return [];
    }

    /// <summary>As <c>write_evalfile</c> of llm.c's <c>data_common.py</c> writes them.</summary>
    private static byte[] ToBytes(ChoiceExample[] examples)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        foreach (var number in new int[256].Select((_, i) => i switch { 0 => 20240522, 1 => 1, 2 => examples.Length, 3 => 40, _ => 0 }))
            writer.Write(number);
        foreach (var example in examples)
        {
            int[] words =
            [
                65535, 0, example.Index, example.Label, example.Endings.Count, example.Context.Length, .. example.Context,
                .. example.Endings.SelectMany(ending => (int[])[ending.Length, .. ending]),
            ];
            words[1] = 2 * words.Length;
            foreach (var word in words)
                writer.Write((ushort)word);
        }

        writer.Flush();
        return stream.ToArray();
    }
}
