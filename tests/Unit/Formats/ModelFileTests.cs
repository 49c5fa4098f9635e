using PsGpt.Formats;
using PsGpt.Formats.Llmc;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Samples;
using PsGpt.Tensors;
using PsGpt.Tokenization;
using PsGpt.Unit.Model;
using PsGpt.Unit.Tokenization;

namespace PsGpt.Unit.Formats;

public sealed class ModelFileTests : IDisposable
{
    private static readonly GptConfiguration Tiny =
        new() { VocabularySize = 300, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 12 };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<GptConfiguration> Variants => new(
        Tiny,
        Tiny with { HasBias = false, Activation = ActivationFunction.GeluErf, Dropout = 0.2f },
        Tiny with { HasTiedHead = false, Activation = ActivationFunction.Relu },
        Tiny with { HasTiedHead = false, HasHeadBias = true, HasQueryKeyValueBias = false, LayerNormEpsilon = 1e-6f });

    public void Dispose() => folder.Dispose();

    [FixtureTheory]
    [InlineData("gpt2-tiny")]
    [InlineData("nanogpt-nobias")]
    [InlineData("gptpy-tiny")]
    public void Reference_directories_load_with_their_configuration_and_weights(string name)
    {
        using var expected = ReferenceModel.Load(name);
        using var actual = ModelFile.Read(Fixtures.PathTo($"fixtures/{name}"));
        Assert.Equal(expected.Model.Configuration, actual.Configuration);
        AssertSameWeights(expected.Model, actual);
    }

    [FixtureTheory]
    [InlineData("llmc_v1.bin", false)]
    [InlineData("llmc_v3.bin", false)]
    [InlineData("llmc_v5.bin", true)]
    public void Files_of_llm_c_hold_the_weights_of_the_directory(string name, bool isRounded)
    {
        using var expected = ReferenceModel.Load("gpt2-tiny");
        using var actual = ModelFile.Read(Fixtures.PathTo($"fixtures/gpt2-tiny/{name}"));
        Assert.Equal(expected.Model.Configuration, actual.Configuration);
        AssertSameWeights(expected.Model, actual, isRounded ? Rounded(WeightDataType.BFloat16) : value => value);
    }

    [FixtureTheory]
    [InlineData("llmc_v3.bin", WeightDataType.Float32)]
    [InlineData("llmc_v5.bin", WeightDataType.BFloat16)]
    public void Files_of_llm_c_are_written_byte_for_byte(string name, WeightDataType dataType)
    {
        using var model = ModelFile.Read(Fixtures.PathTo("fixtures/gpt2-tiny"));
        ModelFile.Write(model, folder["model.bin"], "llm.c", dataType);
        Assert.Equal(File.ReadAllBytes(Fixtures.PathTo($"fixtures/gpt2-tiny/{name}")), File.ReadAllBytes(folder["model.bin"]));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_directory_brings_back_configuration_weights_and_tokenizer(GptConfiguration configuration)
    {
        foreach (var dataType in new[] { WeightDataType.Float32, WeightDataType.Float16, WeightDataType.BFloat16 })
        {
            using var model = ModelInitializer.Create(configuration, Tokenizer(), seed: 5);
            ModelFile.Write(model, folder["model"], "huggingface", dataType, overwrite: true);
            using var read = ModelFile.Read(folder["model"]);
            Assert.Equal(configuration, read.Configuration);
            Assert.Equal(model.Tokenizer!.Name, read.Tokenizer!.Name);
            AssertSameWeights(model, read, Rounded(dataType));
            Assert.Equal(["model"], folder.Names);
        }
    }

    [Fact]
    public void A_character_tokenizer_comes_back()
    {
        using var model = ModelInitializer.Create(Tiny, CharacterTrainer.Train(["ab \n\"\\\u00e9\ud83d\ude00"]), seed: 5);
        ModelFile.Write(model, folder["model"], "huggingface");
        using var read = ModelFile.Read(folder["model"]);
        Assert.Equal(model.Tokenizer!.Name, read.Tokenizer!.Name);
        Assert.Equal(model.Tokenizer.Encode("\ud83d\ude00\n\""), read.Tokenizer.Encode("\ud83d\ude00\n\""));
    }

    [Fact]
    public void GPT_2_s_tokenizer_comes_back_as_itself()
    {
        using var model = ModelInitializer.Create(Tiny with { VocabularySize = 50257, ChannelCount = 4 }, TokenizerCatalog.Gpt2, seed: 5);
        ModelFile.Write(model, folder["model"], "huggingface");
        using var read = ModelFile.Read(folder["model"]);
        Assert.Same(TokenizerCatalog.Gpt2, read.Tokenizer);
    }

    [Fact]
    public void A_tokenizer_with_another_split_is_not_written_as_GPT_2_s()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        using var model =
            ModelInitializer.Create(Tiny, new BytePairTokenizer(bytes, [], new WholeTextPreTokenizer(), endOfText: true), seed: 5);
        Assert.Equal("FormatCannotHold", ErrorOf(() => ModelFile.Write(model, folder["model"], "huggingface")));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void The_padding_is_neither_written_nor_kept()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 5);
        ModelFile.Write(model, folder["model.bin"], "llm.c");
        var bytes = File.ReadAllBytes(folder["model.bin"]);
        BitConverter.TryWriteBytes(bytes.AsSpan(LlmcHeader.Length + (4 * 12 * 301)), 7f);
        File.WriteAllBytes(folder["model.bin"], bytes);
        using var read = ModelFile.Read(folder["model.bin"]);
        AssertSameWeights(model, read);
    }

    [Fact]
    public void Matrices_larger_than_a_block_are_transposed_whole()
    {
        var wide = Tiny with { ChannelCount = 340, HeadCount = 4, LayerCount = 1 };
        using var model = ModelInitializer.Create(wide, null, seed: 5);
        ModelFile.Write(model, folder["model"], "huggingface");
        var file = new SafetensorsReference(Path.Combine(folder["model"], "model.safetensors"));
        var (stored, matrix) = (file.Floats("transformer.h.0.mlp.c_fc.weight"), model.Weights["fcw"].Span.ToArray());
        Assert.True(stored.Length > 3 << 17);
        Assert.Equal(Enumerable.Range(0, stored.Length).Select(i => matrix[(i % 1360 * 340) + (i / 1360)]), stored);
        using var read = ModelFile.Read(folder["model"]);
        AssertSameWeights(model, read);
    }

    [Fact]
    public void Foreign_files_are_named()
    {
        (byte[] Content, string Word)[] files =
        [
            ([0x50, 0x4B, 3, 4, 0], "pickles"), (BitConverter.GetBytes(20240327), "debug state"),
                (BitConverter.GetBytes(20240520), "tokens"),
            (BitConverter.GetBytes(20240522), "HellaSwag"), (BitConverter.GetBytes(20240527), "optimizer"),
            ([7, 0, 0, 0, 0, 0, 0, 0, .. "{}     "u8], "safetensors"), ([1], "FormatUnknown"),
        ];
        foreach (var (content, word) in files)
        {
            File.WriteAllBytes(folder["file"], content);
            var error = Assert.Throws<GptException>(() => ModelFile.Read(folder["file"]));
            Assert.Contains(word, error.ErrorId + error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Broken_files_are_refused_with_what_is_wrong()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 5);
        ModelFile.Write(model, folder["whole"], "llm.c");
        var whole = File.ReadAllBytes(folder["whole"]);
        string ErrorAfter(Func<byte[], byte[]> change)
        {
            File.WriteAllBytes(folder["broken"], change([.. whole]));
            return ErrorOf(() => ModelFile.Read(folder["broken"]));
        }

        byte[] WithField(byte[] bytes, int index, int value)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(4 * index), value);
            return bytes;
        }

        Assert.Equal("PathNotFound", ErrorOf(() => ModelFile.Read(folder["missing"])));
        Assert.Equal("FileEmpty", ErrorAfter(_ => []));
        Assert.Equal("FormatUnknown", ErrorAfter(_ => "just some text"u8.ToArray()));
        Assert.Equal("ModelFileTruncated", ErrorAfter(bytes => bytes[..500]));
        Assert.Equal("ModelFileTruncated", ErrorAfter(bytes => bytes[..^1]));
        Assert.Equal("ModelFileOversized", ErrorAfter(bytes => [.. bytes, 0]));
        Assert.Equal("ModelVersionUnknown", ErrorAfter(bytes => WithField(bytes, 1, 4)));
        Assert.Equal("ModelHeaderInvalid", ErrorAfter(bytes => WithField(bytes, 2, -1)));
        Assert.Equal("ModelHeaderInvalid", ErrorAfter(bytes => WithField(bytes, 4, int.MaxValue)));
        Assert.Equal("ModelHeaderInvalid", ErrorAfter(bytes => WithField(bytes, 5, 5)));
        Assert.Equal("ModelHeaderInvalid", ErrorAfter(bytes => WithField(bytes, 7, 299)));
        Assert.Equal("ModelFileTruncated", ErrorAfter(bytes => WithField(bytes, 7, int.MaxValue)));
        Assert.Equal("ModelFileTruncated", ErrorAfter(bytes => WithField(bytes, 6, 65536)));
        File.WriteAllBytes(folder["foreign"], WithField([.. whole], 0, 20240327));
        Assert.Equal("ModelFileWrongMagic", ErrorOf(() => ModelFile.Read(folder["foreign"], "llm.c")));
        Assert.Equal("PluginNotFound", ErrorOf(() => ModelFile.Read(folder["whole"], "onnx")));
    }

    [Fact]
    public void NaN_weights_load()
    {
        using var model = ModelInitializer.Create(Tiny, null, seed: 5);
        model.Weights["fcw"].Span[3] = float.NaN;
        foreach (var dataType in new[] { WeightDataType.Float32, WeightDataType.BFloat16, WeightDataType.Float16 })
        {
            ModelFile.Write(model, folder["model"], "huggingface", dataType, overwrite: true);
            using var read = ModelFile.Read(folder["model"]);
            Assert.True(float.IsNaN(read.Weights["fcw"].Span[3]));
        }
    }

    private static Tokenizer Tokenizer()
    {
        var trainer = new BytePairTrainer();
        foreach (var story in SampleText.Generate(20, 1, SampleTheme.Forest))
            trainer.Add(story);
        return trainer.Train(300);
    }

    private static Func<float, float> Rounded(WeightDataType dataType) => dataType switch
    {
        WeightDataType.Float16 => value => (float)(Half)value,
        WeightDataType.BFloat16 => ToBFloat16,
        _ => value => value,
    };

    /// <summary>The nearer of the two neighbours, and of two equally near the even one.</summary>
    private static float ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000;
        var (below, above) = (BitConverter.UInt32BitsToSingle(bits), BitConverter.UInt32BitsToSingle(bits + 0x10000));
        var (down, up) = (Math.Abs((double)value - below), Math.Abs((double)above - value));
        return down < up || (down == up && (BitConverter.SingleToUInt32Bits(below) & 0x10000) == 0) ? below : above;
    }

    private static string ErrorOf(Action action) => Assert.Throws<GptException>(action).ErrorId;

    private static void AssertSameWeights(GptModel expected, GptModel actual, Func<float, float>? rounding = null)
    {
        foreach (var (left, right) in expected.Weights.Tensors.Zip(actual.Weights.Tensors))
        {
            Assert.Equal(left.Name, right.Name);
            Assert.Equal(left.Span.ToArray().Select(value => rounding is null ? value : rounding(value)), right.Span.ToArray());
        }
    }
}
