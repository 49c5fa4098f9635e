using System.Buffers.Binary;
using System.Text;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tokenization;

namespace PsGpt.Unit.Formats;

/// <summary>Whatever stands in the files of a directory, reading ends in a model or in an error that a user can act on.</summary>
public sealed class BrokenDirectoryTests : IDisposable
{
    private static readonly GptConfiguration Tiny =
        new() { VocabularySize = 20, ContextLength = 4, LayerCount = 1, HeadCount = 1, ChannelCount = 4 };

    private readonly TemporaryFolder folder = new();

    public BrokenDirectoryTests()
    {
        using var model = ModelInitializer.Create(Tiny, CharacterTrainer.Train(["abc"]), seed: 1);
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
    [InlineData("\"F32\"", "\"F99\"", "TensorDataTypeUnsupported")]
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
    [InlineData("\"vocab_size\": 20", "\"vocab_size\": 16000000", "TensorShapeMismatch")]
    [InlineData("\"vocab_size\": 20", "\"vocab_size\": -1", "ConfigurationFileInvalid")]
    [InlineData("\"vocab_size\": 20", "\"vocab_size\": \"20\"", "ConfigurationFileInvalid")]
    [InlineData("\"vocab_size\": 20,", "", "ConfigurationFileInvalid")]
    [InlineData("\"n_head\": 1", "\"n_head\": 3", "ConfigurationFileInvalid")]
    [InlineData("\"gpt2\"", "\"llama\"", "ArchitectureUnknown")]
    [InlineData("\"gelu_new\"", "\"swish\"", "ArchitectureUnknown")]
    [InlineData("\"gpt2\",", "\"gpt2\", \"scale_attn_weights\": false,", "ArchitectureUnknown")]
    [InlineData("\"gpt2\",", "\"gpt2\", \"scale_attn_by_inverse_layer_idx\": true,", "ArchitectureUnknown")]
    [InlineData("\"gpt2\",", "\"gpt2\", \"scale_attn_weights\": 7,", "ConfigurationFileInvalid")]
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
    public void Bytes_that_no_tensor_has_are_refused()
    {
        const string First = """{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}""";
        const string Second = ""","b":{"dtype":"I8","shape":[4],"data_offsets":[5,9]}}""";
        var (header, buffer) = (First + Second, new byte[9]);
        SafetensorsBuilder.Save(Weights, header, buffer);
        Assert.Equal("SafetensorsInvalid", ErrorOf());
        SafetensorsBuilder.Save(Weights, header.Replace("[5,9]", "[3,9]", StringComparison.Ordinal), buffer);
        Assert.Equal("SafetensorsInvalid", ErrorOf());
        SafetensorsBuilder.From(Fresh()).Save(Weights);
        File.AppendAllText(Weights, "x");
        Assert.Equal("ModelFileOversized", ErrorOf());
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var bytes = File.ReadAllBytes(Weights);
        var bufferStart = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        for (var length = 0; length < bytes.Length; length += length is < 10 or > 1000 and < 1010 ? 1 : 97)
        {
            File.WriteAllBytes(Weights, bytes[..length]);
            Assert.Equal(length < bufferStart ? "SafetensorsInvalid" : "ModelFileTruncated", ErrorOf());
        }
    }

    [Theory]
    [InlineData(4611686018427387904, 4611686018427387904, 1)]
    [InlineData(-20, -4, 1)]
    [InlineData(0, 9223372036854775807, 80)]
    [InlineData(4611686018427387984, 1, 1)] // times 4 bytes it is 2^64 + 320, and 320 is what the file has
    public void Sizes_do_not_overflow(long rows, long columns, long more)
    {
        SafetensorsBuilder.From(Weights).Replace("transformer.wte.weight", tensor => tensor with { Shape = [rows, columns, more] })
            .Save(Weights);
        Assert.Equal("SafetensorsInvalid", ErrorOf());
    }

    [Fact]
    public void Tensors_that_the_configuration_has_no_place_for_are_refused()
    {
        // A directory whose ln_f.bias is lost is no model without any bias.
        var file = SafetensorsBuilder.From(Weights);
        file.Tensors.RemoveAll(tensor => tensor.Name == "transformer.ln_f.bias");
        file.Add("more", "F32", [99], new byte[396]).Save(Weights);
        Assert.Equal("TensorMissing", ErrorOf());
        SafetensorsBuilder.From(Fresh()).Add("transformer.h.1.ln_1.weight", "F32", [4], new byte[16]).Save(Weights);
        Assert.Equal("TensorShapeMismatch", ErrorOf());
    }

    [Fact]
    public void A_tensor_under_both_names_is_refused()
    {
        SafetensorsBuilder.From(Weights).Add("wte.weight", "F32", [20, 4], new byte[320]).Save(Weights);
        Assert.Equal("TensorDuplicate", ErrorOf());
    }

    [Theory]
    [InlineData("transformer.wte.weight", "TensorDataTypeUnsupported")]
    [InlineData("lm_head.weight", "TensorDataTypeUnsupported")]
    public void Weights_of_a_foreign_type_are_refused(string name, string errorId)
    {
        var file = SafetensorsBuilder.From(Weights);
        file.Tensors.RemoveAll(tensor => tensor.Name == name);
        file.Add(name, "F8_E4M3", [20, 4], new byte[80]).Save(Weights);
        Assert.Equal(errorId, ErrorOf());
    }

    [Fact]
    public void Deep_and_huge_JSON_is_refused()
    {
        var configuration = Path.Combine(folder["model"], "config.json");
        File.WriteAllText(configuration, new string('[', 1_000_000));
        Assert.Equal("ConfigurationFileInvalid", ErrorOf());
        using (var file = File.OpenWrite(configuration))
            file.SetLength(65L << 20);
        Assert.Equal("FileTooLarge", ErrorOf());
        Fresh();
        SafetensorsBuilder.Save(Weights, string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), []);
        Assert.Equal("SafetensorsInvalid", ErrorOf());
    }

    /// <summary>Writes the model again; the path of its weights.</summary>
    private string Fresh()
    {
        using var model = ModelInitializer.Create(Tiny, CharacterTrainer.Train(["abc"]), seed: 1);
        ModelFile.Write(model, folder["model"], "huggingface", overwrite: true);
        return Weights;
    }

    private string ErrorOf() => Assert.Throws<GptException>(() => ModelFile.Read(folder["model"])).ErrorId;
}
