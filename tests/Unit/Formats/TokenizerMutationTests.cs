using System.Text;
using PsGpt.Formats.Tokenizers;
using PsGpt.Samples;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Whatever a tokenizer's file was turned into, reading it ends in a tokenizer that works or in an error that a user can act on.
/// </summary>
public sealed class TokenizerMutationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("llm.c")]
    [InlineData("llm.c tokens")]
    [InlineData("tiktoken")]
    [InlineData("json")]
    [InlineData("new json")]
    [InlineData("json with all merges")]
    [InlineData("json of cl100k_base")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void Mutated_tokenizers_end_in_a_tokenizer_or_a_clear_error(string layout)
    {
        // Those of Hugging Face are read more often, in memory, by HuggingFaceMutationTests: here they are files of their own.
        var (name, content, start) = Arrange(layout);
        MutationTests.Mutate(
            content[start..],
            part =>
            {
                TemporaryFolder.Replace(folder[name], [.. content[..start], .. part]);
                return TokenizerFile.Read(folder[name]);
            },
            tokenizer => Assert.Equal("the fox", tokenizer.Decode(tokenizer.Encode("the fox"))),
            parts: layout switch { "tiktoken" => 1, "llm.c" or "llm.c tokens" => 2, _ => 20 });
    }

    [Theory]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"a\":1},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"ByteLevel\"}}")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":1e99},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"ByteLevel\"}}")]
    [InlineData("""{"model":{"type":"BPE","vocab":{},"merges":[[]]},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{},{}]}}""")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":[],\"merges\":{}},\"pre_tokenizer\":{\"type\":\"ByteLevel\"}}")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":7}}")]
    [InlineData(
        """{"model":{"type":"BPE","vocab":{"x":2147483647},"merges":[],"ignore_merges":7},"pre_tokenizer":{"type":"ByteLevel"}}""")]
    public void Impossible_values_are_told(string json) =>
        Assert.Contains(Assert.Throws<GptException>(() => TokenizerJson.Read(Encoding.UTF8.GetBytes(json), "tokenizer.json")).ErrorId,
            new[] { "TokenizerFileInvalid", "TokenizerUnsupported" });

    [Fact]
    public void A_claim_of_many_tokens_costs_no_memory()
    {
        var content = new TokenizerFileBuilder(Train(new Gpt2PreTokenizer())).Llmc(2);
        BitConverter.TryWriteBytes(content.AsSpan(8), int.MaxValue);
        File.WriteAllBytes(folder["file"], content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<GptException>(() => TokenizerFile.Read(folder["file"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>The files of a layout; the one that is mutated, and from where on.</summary>
    private (string Name, byte[] Content, int Start) Arrange(string layout)
    {
        var builder = new TokenizerFileBuilder(Train(layout == "json of cl100k_base" ? new Cl100kPreTokenizer() : new Gpt2PreTokenizer()));
        File.WriteAllBytes(folder["vocab.json"], builder.Vocabulary());
        File.WriteAllBytes(folder["merges.txt"], builder.Merges());
        return layout switch
        {
            "llm.c" => ("file", builder.Llmc(2), 0),
            "llm.c tokens" => ("file", builder.Llmc(2), 1024 + 512),
            "tiktoken" => ("file", builder.Tiktoken(), 0),
            "json" or "json of cl100k_base" => ("file", builder.Json(isNew: false), 0),
            "new json" => ("file", builder.Json(isNew: true), 0),
            "json with all merges" => ("file", builder.ConvertedJson(), 0),
            "vocab.json" => ("vocab.json", builder.Vocabulary(), 0),
            _ => ("merges.txt", builder.Merges(), 0),
        };
    }

    private static BytePairTokenizer Train(IPreTokenizer preTokenizer)
    {
        var trainer = new BytePairTrainer(preTokenizer);
        foreach (var story in SampleText.Generate(20, 1, SampleTheme.Forest))
            trainer.Add(story);
        return trainer.Train(300);
    }
}
