using System.Buffers.Binary;
using System.Text;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>Whatever stands in the files of a directory, reading ends in a model or in an error that a user can act on.</summary>
public sealed class BrokenDirectoryTests : IDisposable
{
    private static readonly GptConfiguration Tiny = new() { VocabularySize = 20, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };

    private readonly TemporaryFolder folder = new();

    public BrokenDirectoryTests()
    {
        using var model = ModelInitializer.Create(Tiny, CharacterTokenizer.Train(["abc"]), seed: 1);
        ModelFile.Write(model, folder["model"], "huggingface");
    }

    private string Weights => Path.Combine(folder["model"], "model.safetensors");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("wte.weight", "wte.weigh?", "TensorMissing")]
    [InlineData("[4]", "[5]", "SafetensorsInvalid")]
    [InlineData("[4,16]", "[16,4]", "TensorShapeMismatch")]
    [InlineData("[0,320]", "[4,324]", "SafetensorsInvalid")]
    [InlineData("[0,320]", "[-1,319]", "SafetensorsInvalid")]
    [InlineData("\"F32\"", "\"F99\"", "ModelFileTruncated")]
    [InlineData("\"F32\"", "12345", "SafetensorsInvalid")]
    [InlineData("transformer.wpe.weight", "transformer.wte.weight", "SafetensorsInvalid")]
    [InlineData("{\"__meta", "[\"__meta", "SafetensorsInvalid")]
    public void A_changed_header_is_refused(string old, string changed, string errorId)
    {
        var bytes = File.ReadAllBytes(Weights);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = Encoding.UTF8.GetString(bytes, 8, length);
        Assert.Contains(old, header, StringComparison.Ordinal);
        var json = Encoding.UTF8.GetBytes(header.Replace(old, changed, StringComparison.Ordinal));
        File.WriteAllBytes(Weights, [.. BitConverter.GetBytes((long)json.Length), .. json, .. bytes.AsSpan(8 + length)]);
        Assert.Equal(errorId, ErrorOf());
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_it_is_allocated()
    {
        foreach (var length in new[] { ulong.MaxValue, 99_999_999UL, 100_000_001UL, 1UL << 40 })
        {
            var bytes = File.ReadAllBytes(Weights);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            File.WriteAllBytes(Weights, bytes);
            Assert.Equal("SafetensorsInvalid", ErrorOf());
        }
    }

    [Theory]
    [InlineData("\"vocab_size\": 20", "\"vocab_size\": 16000000", "ModelFileTruncated")]
    [InlineData("\"vocab_size\": 20", "\"vocab_size\": -1", "ConfigurationFileInvalid")]
    [InlineData("\"vocab_size\": 20", "\"vocab_size\": \"20\"", "ConfigurationFileInvalid")]
    [InlineData("\"vocab_size\": 20,", "", "ConfigurationFileInvalid")]
    [InlineData("\"n_head\": 1", "\"n_head\": 3", "ConfigurationFileInvalid")]
    [InlineData("\"gpt2\"", "\"llama\"", "ArchitectureUnknown")]
    [InlineData("\"gelu_new\"", "\"swish\"", "ArchitectureUnknown")]
    [InlineData("{", "[", "ConfigurationFileInvalid")]
    public void A_changed_configuration_is_refused(string old, string changed, string errorId)
    {
        var path = Path.Combine(folder["model"], "config.json");
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));
        Assert.Equal(errorId, ErrorOf());
    }

    [Fact]
    public void Missing_files_are_named()
    {
        File.Delete(Weights);
        var error = Assert.Throws<GptException>(() => ModelFile.Read(folder["model"]));
        Assert.Equal(("ModelFileMissing", GptErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder["model"], "config.json"));
        Assert.Equal("FormatUnknown", ErrorOf());
    }

    [Fact]
    public void Thousands_of_mutations_end_in_a_model_or_a_clear_error()
    {
        using (var model = ModelInitializer.Create(Tiny, null, seed: 1))
            ModelFile.Write(model, folder["model.bin"], "llm.c");
        var random = new RandomStream(12);
        string[] files = [Weights, Path.Combine(folder["model"], "config.json"), Path.Combine(folder["model"], "tokenizer.json"), folder["model.bin"]];
        var errors = 0;
        foreach (var file in files)
        {
            var whole = File.ReadAllBytes(file);
            for (var i = 0; i < 2000; i++)
            {
                File.WriteAllBytes(file, Mutate([.. whole], random));
                try
                {
                    ModelFile.Read(file == files[3] ? file : folder["model"]).Dispose();
                }
                catch (GptException)
                {
                    errors++;
                }
            }

            File.WriteAllBytes(file, whole);
        }

        Assert.InRange(errors, 2000, 8000);
    }

    private static byte[] Mutate(byte[] bytes, RandomStream random)
    {
        // Most of the meaning is at the start.
        var place = random.NextInt32(Math.Min(bytes.Length, random.NextInt32(2) == 0 ? 64 : 2000));
        switch (random.NextInt32(4))
        {
            case 0:
                return bytes[..place];
            case 1:
                return [.. bytes[..place], .. bytes[(place + 1)..]];
            case 2:
                bytes[place] ^= (byte)(1 << random.NextInt32(8));
                return bytes;
            default:
                int[] extremes = [-1, 0, int.MaxValue, int.MinValue, 1 << 24];
                BitConverter.TryWriteBytes(bytes.AsSpan(Math.Min(place & ~3, bytes.Length - 4)), extremes[random.NextInt32(extremes.Length)]);
                return bytes;
        }
    }

    private string ErrorOf() => Assert.Throws<GptException>(() => ModelFile.Read(folder["model"])).ErrorId;
}
