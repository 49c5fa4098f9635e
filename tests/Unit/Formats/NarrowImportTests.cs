using System.Runtime.InteropServices;
using PsGpt.Formats;
using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Formats;

/// <summary>Files that are read into a model of narrow weights.</summary>
public sealed class NarrowImportTests : IDisposable
{
    // 70 channels end within a block, 64 do not; transposed matrices of 256 channels are read in several parts.
    private static readonly GptConfiguration Whole = new()
    {
        VocabularySize = 130, ContextLength = 8, LayerCount = 2, HeadCount = 2, ChannelCount = 64,
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, WeightDataType, WeightDataType, int> All
    {
        get
        {
            var cases = new TheoryData<string, WeightDataType, WeightDataType, int>();
            foreach (var kept in new[] { WeightDataType.BFloat16, WeightDataType.Q8_0 })
            {
                foreach (var channels in new[] { 64, 70, 256 })
                {
                    cases.Add("huggingface", WeightDataType.Float32, kept, channels);
                    cases.Add("huggingface", WeightDataType.BFloat16, kept, channels);
                    cases.Add("llm.c", WeightDataType.BFloat16, kept, channels);
                    cases.Add("gguf", WeightDataType.Float16, kept, channels);
                    cases.Add("gguf", WeightDataType.Q8_0, kept, channels);
                }
            }

            return cases;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void A_file_gives_the_values_that_its_float32_model_rounds_to(
        string format, WeightDataType stored, WeightDataType kept, int channels)
    {
        using (var model = ModelInitializer.Create(Whole with { ChannelCount = channels }, null, seed: 5))
            ModelFile.Write(model, folder["model"], format, stored);
        using var wide = ModelFile.Read(folder["model"]);
        using var expected = NarrowModel.Of(wide, kept);
        using var read = ModelFile.Read(folder["model"], new ModelReadOptions { DataType = kept });
        Assert.Equal(kept, read.DataType);
        foreach (var (one, other) in expected.Storage.Tensors.Zip(read.Storage.Tensors))
            Assert.True(one.Span.SequenceEqual(other.Span), one.Name);
    }

    [Fact]
    public void Bytes_of_a_file_in_8_bits_are_kept_whatever_a_float32_model_would_round_them_to()
    {
        using (var model = ModelInitializer.Create(Whole, null, seed: 5))
            ModelFile.Write(model, folder["model"], "gguf", WeightDataType.Q8_0);
        var bytes = File.ReadAllBytes(folder["model"]);
        using (var before = ModelFile.Read(folder["model"], new ModelReadOptions { DataType = WeightDataType.Q8_0 }))
        {
            // The first block of the token embedding, found by its bytes: a scale that rounding would not choose.
            var block = FirstBlock(before);
            var at = bytes.AsSpan().IndexOf(block);
            bytes.AsSpan(at, 32).Fill(3);
        }

        File.WriteAllBytes(folder["other"], bytes);
        using var read = ModelFile.Read(folder["other"], new ModelReadOptions { DataType = WeightDataType.Q8_0 });
        Assert.All(FirstBlock(read).ToArray(), value => Assert.Equal(3, value));
    }

    /// <summary>The values of the first block, which are behind the scales of the row.</summary>
    private static ReadOnlySpan<byte> FirstBlock(GptModel model) => MemoryMarshal.AsBytes(
        model.Storage["wte"].Span[NarrowRow.BlockCount(Whole.ChannelCount)..])[..NarrowRow.BlockLength];
}
