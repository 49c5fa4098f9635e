using PsGpt.Kernels;

namespace PsGpt.Unit.Kernels;

/// <summary>The forward operators as their papers write them, in double precision; shares nothing with the engine.</summary>
internal static class DoubleFormulas
{
    public static double[] LayerNorm(double[] x, double[] weight, double[] bias, int rows, int channels)
    {
        var result = new double[x.Length];
        for (var row = 0; row < rows; row++)
        {
            var values = x.AsSpan(row * channels, channels).ToArray();
            var mean = values.Average();
            var variance = values.Average(value => (value - mean) * (value - mean));
            for (var c = 0; c < channels; c++)
                result[(row * channels) + c] = ((values[c] - mean) / Math.Sqrt(variance + 1e-5) * weight[c]) + bias[c];
        }

        return result;
    }

    public static double[] MatMul(double[] x, double[] weight, double[] bias, int rows, int inputs, int outputs)
    {
        var result = new double[rows * outputs];
        for (var m = 0; m < rows; m++)
        {
            for (var n = 0; n < outputs; n++)
                result[(m * outputs) + n] = bias[n] + Enumerable.Range(0, inputs).Sum(k => x[(m * inputs) + k] * weight[(n * inputs) + k]);
        }

        return result;
    }

    public static double Activate(ActivationFunction activation, double x) => activation switch
    {
        ActivationFunction.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * Math.Pow(x, 3))))),
        ActivationFunction.GeluErf => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        _ => x > 0 ? x : 0,
    };

    public static double[] Attention(double[] qkv, int batch, int length, int heads, int channels)
    {
        var size = channels / heads;
        var result = new double[batch * length * channels];
        for (var b = 0; b < batch; b++)
        {
            for (var h = 0; h < heads; h++)
            {
                double Value(int part, int t, int i) => qkv[(((b * length) + t) * 3 * channels) + (part * channels) + (h * size) + i];
                for (var t = 0; t < length; t++)
                {
                    double Score(int j) => Enumerable.Range(0, size).Sum(i => Value(0, t, i) * Value(1, j, i)) / Math.Sqrt(size);
                    var weights = Enumerable.Range(0, t + 1).Select(j => Math.Exp(Score(j))).ToArray();
                    for (var i = 0; i < size; i++)
                    {
                        var sum = Enumerable.Range(0, t + 1).Sum(j => weights[j] * Value(2, j, i));
                        result[(((b * length) + t) * channels) + (h * size) + i] = sum / weights.Sum();
                    }
                }
            }
        }

        return result;
    }

    public static double CrossEntropy(double[] logits, int[] targets, int vocabulary)
    {
        double LogSumExp(int row) => Math.Log(logits.Skip(row * vocabulary).Take(vocabulary).Sum(Math.Exp));
        return targets.Select((target, row) => target < 0 ? 0 : LogSumExp(row) - logits[(row * vocabulary) + target]).Sum();
    }

    public static double[] Embedding(double[] tokenEmbedding, double[] positionEmbedding, int[] tokens, int length, int channels) =>
        [.. from row in Enumerable.Range(0, tokens.Length)
            from c in Enumerable.Range(0, channels)
            select tokenEmbedding[(tokens[row] * channels) + c] + positionEmbedding[(row % length * channels) + c]];

    /// <summary>The power series of erf, which converges everywhere; 80 terms are exact to double precision for |x| below 4.</summary>
    public static double Erf(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
