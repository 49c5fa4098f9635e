using PsGpt.Formats;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;
using PsGpt.Tokenization;
using PsGpt.Unit.Model;

namespace PsGpt.Unit.Formats;

public sealed class GgufFormatTests : IDisposable
{
    private static readonly GptConfiguration Small =
        new() { VocabularySize = 300, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 64 };

    // The tensors that are matrices in the file; the others, and the position embedding, stay float32.
    private static readonly string[] Matrices = ["wte", "qkvw", "attprojw", "fcw", "fcprojw", "lmheadw"];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<GptConfiguration> Variants => new(
        Small,
        Small with { HasTiedHead = false, LayerNormEpsilon = 1e-6f },
        Small with { VocabularySize = 1, ContextLength = 1, LayerCount = 1, HeadCount = 1, ChannelCount = 32 });

    public void Dispose() => folder.Dispose();

    [FixtureTheory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_file_of_float32_is_the_directory_bit_for_bit(uint version)
    {
        var file = GgufBuilder.Gpt2Tiny(_ => GgufBuilder.F32);
        file.Version = version;
        AssertIsReference(file, (_, values) => values, 5e-6);
    }

    // The bounds of the logits are some three times what the rounding of the weights was seen to make of them.
    [FixtureTheory]
    [InlineData(GgufBuilder.F16, 2e-3)]
    [InlineData(GgufBuilder.BF16, 1.3e-2)]
    [InlineData(GgufBuilder.F64, 5e-6)]
    public void Files_of_other_types_are_the_directory_rounded(uint type, double logitBound) =>
        AssertIsReference(GgufBuilder.Gpt2Tiny(_ => type), (_, values) => Rounded(values, type), logitBound);

    [FixtureFact]
    public void Types_may_be_mixed()
    {
        // Rows of 48 are no whole blocks; those of 192 are.
        var file = GgufBuilder.Gpt2Tiny(name => name switch
        {
            _ when name.EndsWith("ffn_down.weight", StringComparison.Ordinal) => GgufBuilder.Q8,
            _ when name.EndsWith("ffn_up.weight", StringComparison.Ordinal) => GgufBuilder.BF16,
            _ when name.EndsWith("attn_qkv.weight", StringComparison.Ordinal) => GgufBuilder.F16,
            _ => GgufBuilder.F32,
        });
        AssertIsReference(file, (name, values) => name switch
        {
            "fcprojw" => Rounded(values, GgufBuilder.Q8),
            "fcw" => Rounded(values, GgufBuilder.BF16),
            "qkvw" => Rounded(values, GgufBuilder.F16),
            _ => values,
        }, 1.6e-2);
    }

    [FixtureTheory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(4096)]
    public void Weights_are_found_at_any_alignment(int alignment)
    {
        var file = GgufBuilder.Gpt2Tiny(_ => GgufBuilder.F32).Set("general.alignment", GgufBuilder.UInt32((uint)alignment));
        file.Alignment = alignment;
        AssertIsReference(file, (_, values) => values, 5e-6);
    }

    [FixtureFact]
    public void Tensors_may_stand_in_any_order_and_with_gaps()
    {
        var file = GgufBuilder.Gpt2Tiny(_ => GgufBuilder.F32);
        file.Tensors.Reverse();
        file.Tensors.Insert(3, ("rope_freqs.weight", [12], GgufBuilder.F32, new byte[48], null));
        file.Tensors.Insert(9, ("blk.0.attn.bias", [32, 32], 24, new byte[1024], null));
        AssertIsReference(file, (_, values) => values, 5e-6);
    }

    [FixtureFact]
    public void A_head_that_repeats_the_embedding_is_tied_and_another_is_not()
    {
        var file = GgufBuilder.Gpt2Tiny(_ => GgufBuilder.F32);
        var embedding = file.Tensors[0];
        file.Add("output.weight", embedding.Sizes, embedding.Type, embedding.Bytes);
        AssertIsReference(file, (_, values) => values, 5e-6);

        var other = (byte[])embedding.Bytes.Clone();
        other[^2] ^= 1;
        file.Replace("output.weight", tensor => tensor with { Bytes = other }).Save(folder["model"]);
        using var read = ModelFile.Read(folder["model"]);
        Assert.False(read.Configuration.HasTiedHead);
        Assert.Equal(other, GgufBuilder.Store(read.Weights["lmheadw"].Span[..(97 * 48)].ToArray(), GgufBuilder.F32));
    }

    [FixtureFact]
    public void The_epsilon_is_GPT_2_s_where_the_file_has_none()
    {
        GgufBuilder.Gpt2Tiny(_ => GgufBuilder.F32).Without("gpt2.attention.layer_norm_epsilon").Without("gpt2.feed_forward_length")
            .Save(folder["model"]);
        using var read = ModelFile.Read(folder["model"]);
        Assert.Equal(1e-5f, read.Configuration.LayerNormEpsilon);
    }

    [FixtureTheory]
    [InlineData(WeightDataType.Float32, GgufBuilder.F32, 0)]
    [InlineData(WeightDataType.Float16, GgufBuilder.F16, 1)]
    [InlineData(WeightDataType.BFloat16, GgufBuilder.BF16, 32)]
    [InlineData(WeightDataType.Q8_0, GgufBuilder.Q8, 7)]
    public void A_file_is_written_byte_for_byte_as_llama_cpp_s_converter_lays_it_out(WeightDataType dataType, uint type, uint fileType)
    {
        using var model = ModelFile.Read(Fixtures.PathTo("fixtures/gpt2-tiny"));
        ModelFile.Write(model, folder["model.gguf"], "gguf", dataType);
        var expected = GgufBuilder.Gpt2Tiny(name => name switch
        {
            _ when name.EndsWith(".bias", StringComparison.Ordinal) || name.EndsWith("norm.weight", StringComparison.Ordinal)
                || name == "position_embd.weight" => GgufBuilder.F32,
            _ when type == GgufBuilder.Q8 && !name.EndsWith("ffn_down.weight", StringComparison.Ordinal) => GgufBuilder.F16,
            _ => type,
        });
        expected.Set("general.file_type", GgufBuilder.UInt32(fileType)).Set("general.quantization_version", GgufBuilder.UInt32(2));
        expected.Set("tokenizer.ggml.model", GgufBuilder.Text("none")).Set("gpt2.vocab_size", GgufBuilder.UInt32(97));
        Assert.Equal(expected.ToBytes(), File.ReadAllBytes(folder["model.gguf"]));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_file_brings_back_configuration_and_weights(GptConfiguration configuration)
    {
        (WeightDataType DataType, uint Type)[] types =
            [(WeightDataType.Float32, GgufBuilder.F32), (WeightDataType.Float16, GgufBuilder.F16),
            (WeightDataType.BFloat16, GgufBuilder.BF16), (WeightDataType.Q8_0, GgufBuilder.Q8)];
        foreach (var (dataType, type) in types)
        {
            using var model = ModelInitializer.Create(configuration, null, seed: 5);
            if (!configuration.HasTiedHead)
                model.Weights["lmheadw"].Span[0] = 3;
            ModelFile.Write(model, folder["model.gguf"], "gguf", dataType, overwrite: true);
            using var read = ModelFile.Read(folder["model.gguf"]);
            Assert.Equal(("model", configuration), (read.Name, read.Configuration));
            AssertSame(model, read, (name, values) => Matrices.Contains(name) ? Rounded(values, type) : values);
            Assert.Equal(["model.gguf"], folder.Names);
        }
    }

    [Fact]
    public void NaN_weights_load()
    {
        using var model = ModelInitializer.Create(Small, null, seed: 5);
        model.Weights["fcw"].Span[3] = float.NaN;
        foreach (var dataType in new[] { WeightDataType.Float32, WeightDataType.Float16, WeightDataType.BFloat16, WeightDataType.Q8_0 })
        {
            ModelFile.Write(model, folder["model"], "gguf", dataType, overwrite: true);
            using var read = ModelFile.Read(folder["model"]);
            Assert.True(float.IsNaN(read.Weights["fcw"].Span[3]));
            Assert.True(float.IsFinite(read.Weights["fcw"].Span[32]));
        }
    }

    [Fact]
    public void What_GGUF_cannot_hold_is_named()
    {
        void Refused(GptConfiguration configuration, WeightDataType dataType, string word)
        {
            using var model = ModelInitializer.Create(configuration, null, seed: 5);
            var error = Assert.Throws<GptException>(() => ModelFile.Write(model, folder["model"], "gguf", dataType));
            Assert.Equal("FormatCannotHold", error.ErrorId);
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
            Assert.Empty(folder.Names);
        }

        Refused(Small with { HasBias = false }, WeightDataType.Float32, "no biases");
        Refused(Small with { HasQueryKeyValueBias = false }, WeightDataType.Float32, "queries");
        Refused(Small with { Activation = ActivationFunction.GeluErf }, WeightDataType.Float32, "GeluErf");
        Refused(Small with { Activation = ActivationFunction.Relu }, WeightDataType.Float32, "Relu");
        Refused(Small with { HasTiedHead = false, HasHeadBias = true }, WeightDataType.Float32, "head");
        Refused(Small, WeightDataType.Float64, "Float64");
    }

    [Theory]
    [InlineData("huggingface")]
    [InlineData("llm.c")]
    public void Other_formats_have_no_blocks(string format)
    {
        using var model = ModelInitializer.Create(Small, null, seed: 5);
        Assert.Equal("FormatCannotHold",
            Assert.Throws<GptException>(() => ModelFile.Write(model, folder["model"], format, WeightDataType.Q8_0)).ErrorId);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_character_tokenizer_is_not_written_away()
    {
        using var model = ModelInitializer.Create(Small, CharacterTrainer.Train(["abc"]), seed: 5);
        var error = Assert.Throws<GptException>(() => ModelFile.Write(model, folder["model"], "gguf"));
        Assert.Equal("FormatCannotHold", error.ErrorId);
        Assert.Contains("Hugging Face directory", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    private void AssertIsReference(GgufBuilder file, Func<string, float[], float[]> rounding, double logitBound)
    {
        file.Save(folder["tiny.gguf"]);
        using var expected = ReferenceModel.Load("gpt2-tiny");
        using var read = ModelFile.Read(folder["tiny.gguf"]);
        Assert.Equal(expected.Model.Configuration, read.Configuration);
        AssertSame(expected.Model, read, rounding);

        using var pass = new GptPass(read, expected.Batch.BatchSize, expected.Batch.SequenceLength, forTraining: false);
        var logits = new float[expected.Expected.Floats("logits").Length];
        pass.ComputeLogits(expected.Batch.Inputs, logits);
        var largest = expected.Expected.Floats("logits").Max(MathF.Abs);
        var difference = expected.Expected.Floats("logits").Zip(logits).Max(pair => Math.Abs((double)pair.First - pair.Second));
        Assert.True(difference <= logitBound * largest, $"{difference} of {largest}");
    }

    private static void AssertSame(GptModel expected, GptModel actual, Func<string, float[], float[]> rounding)
    {
        foreach (var (left, right) in expected.Weights.Tensors.Zip(actual.Weights.Tensors))
        {
            Assert.Equal(left.Name, right.Name);
            Assert.Equal(rounding(left.Name, left.Span.ToArray()), right.Span.ToArray());
        }
    }

    private static float[] Rounded(float[] values, uint type) => type switch
    {
        GgufBuilder.F16 => [.. values.Select(value => (float)(Half)value)],
        GgufBuilder.BF16 => [.. values.Select(PlainRounding.ToBrainFloat)],
        GgufBuilder.Q8 => PlainRounding.FromBlocks(PlainRounding.ToBlocks(values)),
        _ => values,
    };
}
