using PsGpt.Model;
using PsGpt.Tensors;

namespace PsGpt.Unit.Model;

public sealed class ModelFootprintTests
{
    [Fact]
    public void The_memory_of_a_model_is_that_of_its_tensors()
    {
        using var model = NewModel(hasTiedHead: true);
        var footprint = ModelFootprint.Of(model, batchSize: 2, sequenceLength: 5);
        Assert.Equal(model.Configuration.ParameterCount, footprint.Parameters);
        Assert.Equal(4L * model.Weights.Block.Length, footprint.WeightBytes);
        Assert.Equal(4L * 2 * 3 * 32 * 24, footprint.CacheBytes);

        // A row and layer: norms, attention and sums 5C, 3C, 8C of the network, 4 of means and deviations, a sum for each of 2 heads;
        // a row: embedding, final norm and branch 3C, its mean and deviation, and the loss.
        const int PerRow = (3 * ((16 * 24) + 4 + 2)) + (3 * 24) + 3;
        Assert.Equal((4 * footprint.WeightBytes) + (4L * 10 * PerRow), footprint.TrainingBytes);
        Assert.Equal((null, null), (footprint.MemoryRate, footprint.MillisecondsPerToken));
    }

    [Theory]
    [InlineData(WeightDataType.Float32, 4 * 12)]
    [InlineData(WeightDataType.BFloat16, 2 * 32)]
    [InlineData(WeightDataType.Q8_0, 32 + 4)]
    public void The_memory_of_keys_and_values_is_that_of_their_type(WeightDataType type, int headBytes)
    {
        // Two heads of 12 values; narrow rows are padded to blocks of 32.
        using var model = NewModel(hasTiedHead: true);
        var footprint = ModelFootprint.Of(model, cacheType: type);
        Assert.Equal((type, 2L * 3 * 32 * 2 * headBytes), (footprint.CacheDataType, footprint.CacheBytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_token_reads_each_weight_once_but_of_embeddings_only_rows(bool hasTiedHead)
    {
        using var model = NewModel(hasTiedHead);
        var footprint = ModelFootprint.Of(model, measureMemory: true);
        var unread = model.Weights["wpe"].Length + (hasTiedHead ? 0 : model.Weights["wte"].Length);
        var read = model.Weights.Tensors.Sum(tensor => (long)tensor.Length) - unread;
        Assert.True(footprint.MemoryRate > 0);
        Assert.Equal(read * 4 / footprint.MemoryRate!.Value * 1e3, footprint.MillisecondsPerToken!.Value, 1e-9);
    }

    private static GptModel NewModel(bool hasTiedHead) => new(
        new GptConfiguration
        {
            VocabularySize = 50, ContextLength = 32, LayerCount = 3, HeadCount = 2, ChannelCount = 24, HasTiedHead = hasTiedHead,
        },
        null,
        "m");
}
