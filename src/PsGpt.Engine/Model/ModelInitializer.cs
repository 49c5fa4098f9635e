using PsGpt.Tensors;
using PsGpt.Tokenization;

namespace PsGpt.Model;

/// <summary>Makes new models with GPT-2's initialisation.</summary>
public static class ModelInitializer
{
    private const double StandardDeviation = 0.02;

    private const double LongestWavelength = 10_000;

    // Some 10 ms of drawing: the call can be cancelled between two parts.
    private const int PartLength = 1 << 18;

    /// <summary>
    /// Makes a model to train from scratch: weights from a normal distribution of standard deviation 0.02, those that write
    /// into the residual stream scaled by 1/√(2L), norms 1, biases 0 (GPT-2 paper, section 2.3; nanoGPT's <c>model.py</c>).
    /// </summary>
    /// <param name="configuration">The architecture.</param>
    /// <param name="tokenizer">The tokenizer that the model will speak, or null.</param>
    /// <param name="seed">The same seed gives the same weights, to the last bit on one kind of machine.</param>
    /// <param name="name">A name for lists.</param>
    /// <param name="progress">Receives the share of the weights that are drawn, 0 to 1.</param>
    /// <param name="positionAmplitude">
    /// The amplitude of the sines and cosines that the position embedding begins with (Vaswani et al. 2017, section 3.5); 0 for GPT-2's
    /// normal distribution.
    /// </param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="GptException">
    /// <c>ConfigurationInvalid</c>: also a <paramref name="positionAmplitude"/> below 0; <c>TokenizerTooLarge</c>, <c>OutOfMemory</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public static GptModel Create(
        GptConfiguration configuration, Tokenizer? tokenizer, ulong seed, string name = "new",
        IProgress<double>? progress = null, float positionAmplitude = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (tokenizer is not null && tokenizer.VocabularySize > configuration.VocabularySize)
        {
            throw new GptException("TokenizerTooLarge", GptErrorKind.InvalidArgument,
                $"The tokenizer '{tokenizer.Name}' has {tokenizer.VocabularySize} tokens, "
                + $"but the model would have {configuration.VocabularySize} rows. Give the model at least as many.");
        }

        if (!(positionAmplitude >= 0 && float.IsFinite(positionAmplitude)))
        {
            throw new GptException("ConfigurationInvalid", GptErrorKind.InvalidArgument, FormattableString.Invariant(
                $"A position embedding cannot begin with sines of amplitude {positionAmplitude}. Give 0 for none, or a number above 0."));
        }

        return new GptModel(configuration, tokenizer, name)
            .FilledBy(model => Fill(model, new RandomStream(seed), positionAmplitude, progress, cancellationToken));
    }

    private static void Fill(
        GptModel model, RandomStream random, float positionAmplitude, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var configuration = model.Configuration;
        nint drawn = 0;
        foreach (var tensor in model.Weights.Tensors)
        {
            switch (tensor.Shape.Role)
            {
                case TensorRole.Norm:
                    tensor.Span.Fill(1);
                    break;
                case TensorRole.ResidualMatrix:
                    FillNormal(tensor, StandardDeviation / Math.Sqrt(2.0 * configuration.LayerCount));
                    break;
                case TensorRole.TokenEmbedding or TensorRole.Head:
                    // The rows of the padding stay 0: no gradient ever reaches them.
                    FillNormal(tensor, StandardDeviation, configuration.VocabularySize);
                    break;
                case TensorRole.PositionEmbedding when positionAmplitude > 0:
                    FillSinusoids(tensor, positionAmplitude);
                    break;
                case TensorRole.PositionEmbedding or TensorRole.QueryKeyValueMatrix or TensorRole.HiddenMatrix:
                    FillNormal(tensor, StandardDeviation);
                    break;
            }

            drawn += tensor.Length;
        }

        void FillNormal(Tensor tensor, double standardDeviation, int rowCount = int.MaxValue)
        {
            var length = tensor.Length / tensor.Sizes[0] * Math.Min(rowCount, tensor.Sizes[0]);
            for (nint start = 0; start < length; start += PartLength)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (ref var value in tensor.Range(start, (int)Math.Min(PartLength, length - start)))
                    value = (float)(random.NextNormal() * standardDeviation);
                progress?.Report((double)(drawn + start) / model.Weights.Block.Length);
            }
        }
    }

    /// <summary>Sine and cosine in turn, of wavelengths from 2π to 10,000 · 2π: close positions have close rows.</summary>
    private static void FillSinusoids(Tensor tensor, float amplitude)
    {
        var C = tensor.Sizes[1];
        for (var position = 0; position < tensor.Sizes[0]; position++)
        {
            var row = tensor.Range((nint)position * C, C);
            for (var i = 0; i < C; i++)
            {
                var (sine, cosine) = Math.SinCos(position / Math.Pow(LongestWavelength, (i - (i % 2)) / (double)C));
                row[i] = (float)(amplitude * (i % 2 == 0 ? sine : cosine));
            }
        }
    }
}
