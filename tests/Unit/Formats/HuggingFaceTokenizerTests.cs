using PsGpt.Formats;
using PsGpt.Formats.HuggingFace;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>The tokenizer of a directory is made once, when it is written.</summary>
public sealed class HuggingFaceTokenizerTests
{
    [Fact]
    public void The_names_of_files_are_found_without_making_the_files()
    {
        var target = new NamesOnly();
        HuggingFaceTokenizer.Write(TokenizerCatalog.Gpt2, target, contextLength: 8);
        Assert.Equal(["tokenizer.json", "tokenizer_config.json"], target.Names);
        var before = GC.GetAllocatedBytesForCurrentThread();
        HuggingFaceTokenizer.Write(TokenizerCatalog.Gpt2, target, contextLength: 8);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private sealed class NamesOnly : IFileTarget
    {
        public List<string> Names { get; } = [];

        public void Write(string name, Action<Stream> write) => Names.Add(name);
    }
}
