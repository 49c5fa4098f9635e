using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Model;

/// <summary>Makes new models with GPT-2's initialisation.</summary>
public static class ModelInitializer
{
    private const double StandardDeviation = 0.02;

    /// <summary>
    /// Makes a model to train from scratch: weights from a normal distribution of standard deviation 0.02, those that write
    /// into the residual stream scaled by 1/√(2L), norms 1, biases 0 (GPT-2 paper, section 2.3; nanoGPT's <c>model.py</c>).
    /// </summary>
    /// <param name="configuration">The architecture.</param>
    /// <param name="tokenizer">The tokenizer that the model will speak, or null.</param>
    /// <param name="seed">The same seed gives the same weights, to the last bit on one kind of machine.</param>
    /// <param name="name">What lists call the model.</param>
    /// <exception cref="GptException"><c>ConfigurationInvalid</c>, <c>TokenizerTooLarge</c>, <c>OutOfMemory</c>.</exception>
    public static GptModel Create(GptConfiguration configuration, Tokenizer? tokenizer, ulong seed, string name = "new")
    {
        var model = new GptModel(configuration, tokenizer, name);
        var random = new RandomStream(seed);
        foreach (var tensor in model.Parameters.Tensors)
        {
            switch (tensor.Shape.Role)
            {
                case TensorRole.Norm:
                    tensor.Span.Fill(1);
                    break;
                case TensorRole.ResidualMatrix:
                    FillNormal(tensor, random, StandardDeviation / Math.Sqrt(2.0 * configuration.LayerCount));
                    break;
                case TensorRole.TokenEmbedding or TensorRole.Head:
                    // The rows of the padding stay 0: no gradient ever reaches them.
                    FillNormal(tensor, random, StandardDeviation, configuration.VocabularySize);
                    break;
                case TensorRole.PositionEmbedding or TensorRole.QueryKeyValueMatrix or TensorRole.HiddenMatrix:
                    FillNormal(tensor, random, StandardDeviation);
                    break;
            }
        }

        return model;
    }

    private static void FillNormal(Tensor tensor, RandomStream random, double standardDeviation, int rowCount = int.MaxValue)
    {
        for (var row = 0; row < Math.Min(rowCount, tensor.Sizes[0]); row++)
        {
            foreach (ref var value in tensor.Slice(row))
                value = (float)(random.NextNormal() * standardDeviation);
        }
    }
}
