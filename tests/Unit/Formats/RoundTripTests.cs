using PsGpt.Extensions;
using PsGpt.Formats;
using PsGpt.Formats.Weights;
using PsGpt.Kernels;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Formats;

/// <summary>
/// Every variant in every format and data type: it comes back to the bit as it was stored, or is refused where this table says so.
/// </summary>
public sealed class RoundTripTests : IDisposable
{
    // 32 channels are a block of Q8_0, 4 x 32 are four; a vocabulary of 130 has padding.
    private static readonly GptConfiguration Gpt2 =
        new() { VocabularySize = 130, ContextLength = 8, LayerCount = 2, HeadCount = 4, ChannelCount = 32 };

    private static readonly Dictionary<string, GptConfiguration> Variants = new()
    {
        ["gpt2"] = Gpt2,
        ["nanogpt"] = Gpt2 with { HasBias = false, Activation = ActivationFunction.GeluErf, Dropout = 0.2f },
        ["gpt.py"] = Gpt2 with { HasQueryKeyValueBias = false, Activation = ActivationFunction.Relu },
    };

    private static readonly Dictionary<string, Func<GptConfiguration, GptConfiguration>> Heads = new()
    {
        ["tied"] = configuration => configuration,
        ["own"] = configuration => configuration with { HasTiedHead = false },
        ["own with bias"] = configuration => configuration with { HasTiedHead = false, HasHeadBias = true },
    };

    // What each format holds; everything else it refuses.
    private static readonly Dictionary<string, (string[] Variants, string[] Heads, WeightDataType[] Types)> Holds = new()
    {
        ["huggingface"] =
            (["gpt2", "nanogpt", "gpt.py"], ["tied", "own", "own with bias"],
            [WeightDataType.Float32, WeightDataType.Float16, WeightDataType.BFloat16]),
        ["llm.c"] = (["gpt2"], ["tied"], [WeightDataType.Float32, WeightDataType.BFloat16]),
        ["gguf"] = (["gpt2"], ["tied", "own"],
            [WeightDataType.Float32, WeightDataType.Float16, WeightDataType.BFloat16, WeightDataType.Q8_0]),
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string, string, WeightDataType> All
    {
        get
        {
            var cases = new TheoryData<string, string, string, WeightDataType>();
            foreach (var format in BuiltInPlugins.Names(PluginKind.ModelFormat))
            {
                foreach (var variant in Variants.Keys)
                {
                    foreach (var head in Heads.Keys)
                    {
                        foreach (var type in Enum.GetValues<WeightDataType>())
                            cases.Add(format, variant, head, type);
                    }
                }
            }

            return cases;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void A_model_comes_back_as_it_was_stored_or_is_refused(string format, string variant, string head, WeightDataType type)
    {
        using var model = ModelInitializer.Create(Heads[head](Variants[variant]), null, seed: 5);
        var (variants, heads, types) = Holds[format];
        if (!variants.Contains(variant) || !heads.Contains(head) || !types.Contains(type))
        {
            Assert.Equal("FormatCannotHold",
                Assert.Throws<GptException>(() => ModelFile.Write(model, folder["model"], format, type)).ErrorId);
            Assert.Empty(folder.Names);
            return;
        }

        Disturb(model);
        ModelFile.Write(model, folder["model"], format, type);
        using var read = ModelFile.Read(folder["model"]);
        var kept = format == "huggingface" ? model.Configuration : model.Configuration with { Dropout = 0 };
        Assert.Equal(kept, read.Configuration);
        Assert.Equal(model.Weights.Tensors.Select(tensor => tensor.Name), read.Weights.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in model.Weights.Tensors)
            Round(tensor, format == "gguf" && (tensor.Name == "wpe" || IsVector(tensor)) ? WeightDataType.Float32 : type);
        foreach (var (expected, actual) in model.Weights.Tensors.Zip(read.Weights.Tensors))
            Assert.Equal(Bits(expected), Bits(actual));
        Assert.Equal(Logits(model), Logits(read));
    }

    /// <summary>Biases begin as zeros and norms as ones, which would hide that they were mixed up.</summary>
    private static void Disturb(GptModel model)
    {
        var random = new RandomStream(7);
        foreach (var tensor in model.Weights.Tensors.Where(IsVector))
        {
            var length = tensor.Name == "lmheadb" ? model.Configuration.VocabularySize : (int)tensor.Length;
            foreach (ref var value in tensor.Span[..length])
                value += (float)random.NextNormal() / 10;
        }
    }

    private static bool IsVector(Tensor tensor) => tensor.Name[^1] == 'b' || tensor.Name.StartsWith("ln", StringComparison.Ordinal);

    /// <summary>Puts into the model what a file of that type can hold of it.</summary>
    private static void Round(Tensor tensor, WeightDataType type)
    {
        var bytes = new byte[WeightConversion.LengthOf(type, tensor.Length)];
        WeightConversion.Write(tensor.Span, type, bytes);
        WeightConversion.Read(bytes, type, tensor.Span);
    }

    private static int[] Bits(Tensor tensor) => [.. tensor.Span.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private static float[] Logits(GptModel model)
    {
        using var pass = new GptPass(model, batchSize: 1, sequenceLength: 8, forTraining: false);
        var logits = new float[8 * model.Configuration.VocabularySize];
        pass.ComputeLogits([1, 2, 3, 129, 5, 6, 7, 0], logits);
        return logits;
    }
}
