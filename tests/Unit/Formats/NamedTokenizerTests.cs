using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>A model whose tokenizer belongs to a plug-in.</summary>
public sealed class NamedTokenizerTests : IDisposable
{
    private const string Name = "named-tokenizer-test";

    private readonly string folder = Directory.CreateTempSubdirectory("psgpt-").FullName;

    public void Dispose()
    {
        TokenizerCatalog.Registry.Unregister(Name);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void It_is_stored_with_the_name_and_found_by_it()
    {
        var path = Write(RegisteredModel(3));
        Assert.Contains($"\"name\": \"{Name}\"", File.ReadAllText(Path.Combine(path, "psgpt_tokenizer.json")), StringComparison.Ordinal);
        using var read = ModelFile.Read(path);
        Assert.Same(TokenizerCatalog.Registry.Get(Name).Tokenizer, read.Tokenizer);
    }

    [Fact]
    public void It_is_not_read_without_its_plug_in_or_with_one_of_another_size()
    {
        var path = Write(RegisteredModel(3));
        TokenizerCatalog.Registry.Unregister(Name);
        Assert.Equal("TokenizerPluginMissing", Assert.Throws<GptException>(() => ModelFile.Read(path)).ErrorId);
        TokenizerCatalog.Registry.Register(new TokenizerPlugin(Name, "A test.", () => new Letters(4)));
        Assert.Equal("TokenizerMismatch", Assert.Throws<GptException>(() => ModelFile.Read(path)).ErrorId);
    }

    [Fact]
    public void It_is_refused_where_nobody_has_registered_its_tokenizer()
    {
        using var model = ModelOf(new Letters(3));
        Assert.Equal("FormatCannotHold", Assert.Throws<GptException>(() => Write(model)).ErrorId);
    }

    [Fact]
    public void A_tokenizer_that_breaks_its_contract_is_named()
    {
        TokenizerCatalog.Registry.Register(new TokenizerPlugin(Name, "A test.", () => new Letters(3, firstId: 7)));
        var error = Assert.Throws<GptException>(() => TokenizerCatalog.Registry.Get(Name).Tokenizer.Encode("a"));
        Assert.Equal("PluginFailed", error.ErrorId);
        Assert.Contains($"tokenizer '{Name}' gave the id 7", error.Message, StringComparison.Ordinal);
    }

    private static GptModel RegisteredModel(int size)
    {
        TokenizerCatalog.Registry.Register(new TokenizerPlugin(Name, "A test.", () => new Letters(size)));
        return ModelOf(TokenizerCatalog.Registry.Get(Name).Tokenizer);
    }

    private static GptModel ModelOf(Tokenizer tokenizer) => ModelInitializer.Create(
        new GptConfiguration { VocabularySize = 3, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 8 }, tokenizer,
            seed: 1);

    private string Write(GptModel model)
    {
        var path = Path.Combine(folder, "model");
        ModelFile.Write(model, path, "huggingface");
        model.Dispose();
        return path;
    }

    private sealed class Letters(int size, int firstId = 0) : Tokenizer
    {
        public override string Name => "letters";

        public override int VocabularySize => size;

        public override int? EndOfTextToken => null;

        public override ReadOnlySpan<byte> GetSpan(int token) => "abcd"u8.Slice(token, 1);

        public override int Encode(ReadOnlySpan<char> text, bool isEnd, List<int> tokens)
        {
            foreach (var letter in text)
                tokens.Add(firstId + letter - 'a');
            return text.Length;
        }
    }
}
