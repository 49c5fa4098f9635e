using PsGpt.Kernels.Threading;
using PsGpt.Tensors;

namespace PsGpt.Model;

/// <summary>How much memory a model takes, and how fast it can write at best.</summary>
public sealed class ModelFootprint
{
    private ModelFootprint(GptModel model, int batchSize, int sequenceLength, WeightDataType cacheType, double? memoryRate)
    {
        var configuration = model.Configuration;
        var shapes = model.Storage.Shapes;
        (Name, DataType) = (model.Name, model.DataType);
        Parameters = configuration.ParameterCount;
        WeightBytes = Bytes(shapes.Sum(shape => (long)shape.Length));
        CacheDataType = cacheType;
        CacheBytes = Bytes(KeyValueCache.ShapesOf(configuration, cacheType).Sum(shape => (long)shape.Length));

        // Weights, gradients and AdamW's two moments, all float32.
        var parameters = configuration.GetParameterShapes().Sum(shape => (long)shape.Length);
        TrainingBytes = Bytes((4 * parameters) + Activations.CountOf(configuration, checked(batchSize * sequenceLength)));
        MemoryRate = memoryRate;
        MillisecondsPerToken =
            Bytes(shapes.Where(shape => IsRead(shape, configuration)).Sum(shape => (long)shape.Length)) / memoryRate * 1e3;
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>How the model keeps its matrices.</summary>
    public WeightDataType DataType { get; }

    /// <summary>The number of parameters.</summary>
    public long Parameters { get; }

    /// <summary>The memory of the weights, in bytes; rows that pad the vocabulary included.</summary>
    public long WeightBytes { get; }

    /// <summary>How keys and values are kept.</summary>
    public WeightDataType CacheDataType { get; }

    /// <summary>The memory of the keys and values of one text that fills the context, in bytes.</summary>
    public long CacheBytes { get; }

    /// <summary>The memory of training, in bytes: weights, gradients, AdamW's moments and the activations of a batch.</summary>
    public long TrainingBytes { get; }

    /// <summary>The bytes that all threads together read in a second; null if it was not measured.</summary>
    public double? MemoryRate { get; }

    /// <summary>
    /// The time in which the weights of a token are read once at that rate: no token of a single text takes less, unless a cache holds the
    /// model.
    /// </summary>
    public double? MillisecondsPerToken { get; }

    /// <summary>Computes the memory of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batchSize">The rows of a training batch.</param>
    /// <param name="sequenceLength">Their length; null for the context.</param>
    /// <param name="measureMemory">Whether to measure how fast memory is read, in some hundred milliseconds.</param>
    /// <param name="cacheType">How keys and values are kept: <c>Float32</c>, <c>BFloat16</c> or <c>Q8_0</c>.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="GptException"><c>OutOfMemory</c>: measuring takes 256 MB.</exception>
    public static ModelFootprint Of(
        GptModel model, int batchSize = 1, int? sequenceLength = null, bool measureMemory = false,
        WeightDataType cacheType = WeightDataType.Float32, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        double? rate = measureMemory ? Kernels.MemoryRate.Measure(ThreadTeam.Shared, cancellationToken) : null;
        return new ModelFootprint(model, batchSize, sequenceLength ?? model.Configuration.ContextLength, cacheType, rate);
    }

    private static long Bytes(long floats) => sizeof(float) * floats;

    /// <summary>Of an embedding only a row is read, unless it is the head as well.</summary>
    private static bool IsRead(TensorShape shape, GptConfiguration configuration) =>
        !shape.IsEmbedding || (shape.Role == TensorRole.TokenEmbedding && configuration.HasTiedHead);
}
