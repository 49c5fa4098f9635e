using PsGpt.Kernels;

namespace PsGpt.Inspection;

/// <summary>Causal self-attention of all heads, with the scores and probabilities that the fast kernels never keep.</summary>
internal static unsafe class Attention
{
    public static GptOperator Create() => new(
        "attention", "out = softmax(mask(q @ k.T / sqrt(C / NH))) @ v", "Vaswani et al. 2017, Attention Is All You Need, 3.2", Forward,
        Backward)
    {
        Inputs = [new("inp", "(B, T, 3C)", "queries, keys and values side by side"), new("NH", "", "number of heads", 1)],
        Outputs =
        [
            new("out", "(B, T, C)", "weighted values"),
            new("preatt", "(B, NH, T, T)", "scores; 0 where masked"),
            new("att", "(B, NH, T, T)", "probabilities"),
            new("lse", "(B, NH, T)", "logarithm of each row's sum of exponentials"),
        ],
        BackwardInputs = [new("dout", "(B, T, C)", "gradient of out")],
        BackwardOutputs =
        [
            new("dinp", "(B, T, 3C)", "gradient of inp"),
            new("dpreatt", "(B, NH, T, T)", "gradient of preatt"),
            new("datt", "(B, NH, T, T)", "gradient of att"),
        ],
    };

    private static void Forward(OperatorCall call)
    {
        var (B, T, NH, C) = Shapes(call);
        var input = call.Input("inp", B, T, 3 * C);
        var output = call.Output("out", B, T, C);
        var scores = call.Output("preatt", B, NH, T, T);
        var probabilities = call.Output("att", B, NH, T, T);
        call.Kernels.AttentionForward(output, call.Output("lse", B, NH, T), input, new(B, T, NH, C), DropoutMask.None);
        AttentionProbabilities.Compute(scores, probabilities, input, B, T, NH, C);
    }

    private static void Backward(OperatorCall call)
    {
        var (B, T, NH, C) = Shapes(call);
        var input = call.Made("inp");
        var gradient = call.Input("dout", B, T, C);
        call.Kernels.AttentionBackward(
            call.Output("dinp", B, T, 3 * C), gradient, call.Made("out"), call.Made("lse"), input, new(B, T, NH, C), DropoutMask.None);
        var scoreGradient = call.Output("dpreatt", B, NH, T, T);
        var probabilityGradient = call.Output("datt", B, NH, T, T);
        for (var head = 0; head < B * NH; head++)
        {
            var value = AttentionProbabilities.HeadStart(input, head, T, NH, 3 * C, C / NH) + (2 * C);
            var outputGradient = AttentionProbabilities.HeadStart(gradient, head, T, NH, C, C / NH);
            for (var t = 0; t < T; t++)
            {
                var start = (((nint)head * T) + t) * T;
                var dP = probabilityGradient + start;
                var dS = scoreGradient + start;
                var P = call.Made("att") + start;
                var sum = 0.0;
                for (var j = 0; j <= t; j++)
                {
                    dP[j] = (float)AttentionProbabilities.Dot(outputGradient + ((nint)t * C), value + ((nint)j * 3 * C), C / NH);
                    sum += (double)P[j] * dP[j];
                }

                for (var j = 0; j <= t; j++)
                    dS[j] = (float)(P[j] * (dP[j] - sum));
            }
        }
    }

    private static (int B, int T, int NH, int C) Shapes(OperatorCall call)
    {
        var sizes = call.Sizes("inp", 3);
        var heads = call.Count("NH");
        return sizes[2] % (3 * heads) == 0
            ? (sizes[0], sizes[1], heads, sizes[2] / 3)
            : throw call.Invalid($"the last axis of 'inp' has {sizes[2]} values, which are not 3 times a multiple of NH = {heads}");
    }
}
