using PsGpt.Kernels;
using PsGpt.Model;

namespace PsGpt.Unit.Inspection;

/// <summary>
/// The forward pass of a GPT over one text, by its formulas in double precision, with every intermediate by llm.c's name.
/// </summary>
internal sealed class ReferenceForward
{
    private readonly GptModel model;
    private readonly int T;

    public ReferenceForward(GptModel model, int[] tokens)
    {
        (this.model, T) = (model, tokens.Length);
        var C = model.Configuration.ChannelCount;
        var (wte, wpe) = (Weight("wte"), Weight("wpe"));
        double[] encoded = [.. Enumerable.Range(0, T * C).Select(i => (double)wte[(tokens[i / C] * C) + (i % C)] + wpe[i])];
        var x = Values["encoded"] = encoded;
        for (var layer = 0; layer < model.Configuration.LayerCount; layer++)
            x = RunLayer(layer, x);
        var norm = Norm("lnf", "lnfw", "lnfb", 0, x);
        Values["logits"] = Logits(norm);
        Values["probs"] = Softmax(Values["logits"], model.Configuration.VocabularySize);
    }

    public Dictionary<string, double[]> Values { get; } = [];

    /// <summary>The probabilities that the model has after a layer.</summary>
    public double[] Lens(int layer) =>
        Softmax(Logits(Norm("lens", "lnfw", "lnfb", 0, Values[$"h.{layer}.residual3"])), model.Configuration.VocabularySize);

    private double[] RunLayer(int layer, double[] x)
    {
        var (C, F, h) = (model.Configuration.ChannelCount, model.Configuration.FeedForwardWidth, $"h.{layer}.");
        var qkv = Values[h + "qkv"] = Product(Norm(h + "ln1", "ln1w", "ln1b", layer, x), "qkvw", "qkvb", layer, 3 * C);
        Attend(h, qkv);
        var attproj = Values[h + "attproj"] = Product(Values[h + "atty"], "attprojw", "attprojb", layer, C);
        var middle = Values[h + "residual2"] = [.. x.Zip(attproj, (a, b) => a + b)];
        var fch = Values[h + "fch"] = Product(Norm(h + "ln2", "ln2w", "ln2b", layer, middle), "fcw", "fcb", layer, F);
        Values[h + "fch_gelu"] = [.. fch.Select(Activate)];
        var fcproj = Values[h + "fcproj"] = Product(Values[h + "fch_gelu"], "fcprojw", "fcprojb", layer, C);
        return Values[h + "residual3"] = [.. middle.Zip(fcproj, (a, b) => a + b)];
    }

    private double[] Norm(string name, string weight, string bias, int layer, double[] x)
    {
        var C = model.Configuration.ChannelCount;
        var (w, b) = (Weight(weight, layer), Weight(bias, layer));
        var (result, means, rstds) = (new double[x.Length], new double[T], new double[T]);
        for (var t = 0; t < T; t++)
        {
            var row = x[(t * C)..((t + 1) * C)];
            means[t] = row.Average();
            rstds[t] = 1 / Math.Sqrt(row.Average(value => (value - means[t]) * (value - means[t])) + 1e-5);
            for (var c = 0; c < C; c++)
                result[(t * C) + c] = ((row[c] - means[t]) * rstds[t] * w[c]) + b[c];
        }

        (Values[name], Values[name + "_mean"], Values[name + "_rstd"]) = (result, means, rstds);
        return result;
    }

    private double[] Product(double[] x, string weight, string bias, int layer, int N)
    {
        var (w, b) = (Weight(weight, layer), model.Weights.Find(bias) is null ? new float[N] : Weight(bias, layer));
        var K = x.Length / T;
        var result = new double[T * N];
        for (var i = 0; i < result.Length; i++)
            result[i] = b[i % N] + Enumerable.Range(0, K).Sum(k => x[(i / N * K) + k] * w[(i % N * K) + k]);
        return result;
    }

    private void Attend(string h, double[] qkv)
    {
        var (C, NH) = (model.Configuration.ChannelCount, model.Configuration.HeadCount);
        var HS = C / NH;
        var (scores, att, atty) = (new double[NH * T * T], new double[NH * T * T], new double[T * C]);
        for (var i = 0; i < scores.Length; i++)
        {
            var (head, q, k) = (i / (T * T), i / T % T, i % T);
            if (k <= q)
                scores[i] = Enumerable.Range(head * HS, HS).Sum(c => qkv[(q * 3 * C) + c] * qkv[(k * 3 * C) + C + c]) / Math.Sqrt(HS);
        }

        for (var row = 0; row < NH * T; row++)
        {
            var (first, count) = (row * T, (row % T) + 1);
            Softmax(scores[first..(first + count)], count).CopyTo(att, first);
            for (var c = 0; c < HS; c++)
            {
                var channel = (row / T * HS) + c;
                atty[(row % T * C) + channel] = Enumerable.Range(0, count).Sum(k => att[first + k] * qkv[(k * 3 * C) + (2 * C) + channel]);
            }
        }

        (Values[h + "preatt"], Values[h + "att"], Values[h + "atty"]) = (scores, att, atty);
    }

    private double[] Logits(double[] norm) => model.Configuration.HasTiedHead
        ? Product(norm, "wte", "none", 0, model.Configuration.VocabularySize)
        : Product(norm, "lmheadw", "lmheadb", 0, model.Configuration.VocabularySize);

    private double Activate(double x) => model.Configuration.Activation == ActivationFunction.Relu
        ? Math.Max(0, x)
        : 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private float[] Weight(string name, int layer = 0)
    {
        var tensor = model.Weights[name];
        return tensor.Shape.IsStacked ? tensor.Slice(layer).ToArray() : tensor.Span.ToArray();
    }

    private static double[] Softmax(double[] x, int width) =>
        [.. x.Chunk(width).SelectMany(row =>
        {
            var exponentials = row.Select(value => Math.Exp(value - row.Max())).ToArray();
            return exponentials.Select(value => value / exponentials.Sum());
        })];
}
