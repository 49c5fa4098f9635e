namespace PsGpt.Inspection;

/// <summary>Softmax, and its cross-entropy with the targets.</summary>
internal static unsafe class Losses
{
    public static IEnumerable<GptOperator> Create() =>
    [
        new(
            "softmax", "probs = exp(logits - max) / sum",
            "Bridle 1990, Probabilistic Interpretation of Feedforward Classification Network Outputs", SoftmaxForward, SoftmaxBackward)
        {
            Inputs = [new("logits", "(B, T, V)", "scores")],
            Outputs = [new("probs", "(B, T, V)", "probabilities")],
            BackwardInputs = [new("dprobs", "(B, T, V)", "gradient of probs")],
            BackwardOutputs = [new("dlogits", "(B, T, V)", "gradient of logits")],
        },
        new(
            "crossentropy", "losses = -log(softmax(logits)[targets])",
            "llm.c, train_gpt2.c: crossentropy_forward, crossentropy_softmax_backward", CrossEntropyForward, CrossEntropyBackward)
        {
            Inputs = [new("logits", "(B, T, V)", "scores"), new("targets", "(B, T)", "ids of the right tokens")],
            Outputs = [new("losses", "(B, T)", "in nats"), new("probs", "(B, T, V)", "probabilities")],
            BackwardInputs = [new("dlosses", "(B, T)", "gradient of losses")],
            BackwardOutputs = [new("dlogits", "(B, T, V)", "(probs - onehot(targets)) * dlosses")],
        },
    ];

    private static void SoftmaxForward(OperatorCall call)
    {
        var (B, T, V) = Shapes(call);
        Softmax(call.Output("probs", B, T, V), call.Input("logits", B, T, V), B * T, V);
    }

    private static void SoftmaxBackward(OperatorCall call)
    {
        var (B, T, V) = Shapes(call);
        var output = call.Output("dlogits", B, T, V);
        var gradient = call.Input("dprobs", B, T, V);
        for (var row = 0; row < B * T; row++)
        {
            var start = (nint)row * V;
            var p = call.Made("probs") + start;
            var dp = gradient + start;
            var sum = 0.0;
            for (var v = 0; v < V; v++)
                sum += (double)p[v] * dp[v];
            for (var v = 0; v < V; v++)
                output[start + v] = (float)(p[v] * (dp[v] - sum));
        }
    }

    private static void CrossEntropyForward(OperatorCall call)
    {
        var (B, T, V) = Shapes(call);
        var logits = call.Input("logits", B, T, V);
        call.Kernels.CrossEntropy(call.Output("losses", B, T), logits, call.Ids("targets", B * T, V), B * T, V, V, gradientScale: 0);
        Softmax(call.Output("probs", B, T, V), logits, B * T, V);
    }

    /// <summary>The kernel turns logits into gradients in place, for a loss with the weight 1.</summary>
    private static void CrossEntropyBackward(OperatorCall call)
    {
        var (B, T, V) = Shapes(call);
        var output = call.Output("dlogits", B, T, V);
        new Span<float>(call.Made("logits"), B * T * V).CopyTo(new Span<float>(output, B * T * V));
        var losses = new float[B * T];
        fixed (float* lossPointer = losses)
            call.Kernels.CrossEntropy(lossPointer, output, call.Ids("targets", B * T, V), B * T, V, V, gradientScale: 1);
        var weights = call.Input("dlosses", B, T);
        for (nint i = 0; i < (nint)B * T * V; i++)
            output[i] *= weights[i / V];
    }

    /// <summary>The softmax of each row (M,V), summed in double precision.</summary>
    public static void Softmax(float* output, float* input, int rowCount, int width)
    {
        for (var row = 0; row < rowCount; row++)
        {
            var x = input + ((nint)row * width);
            var p = output + ((nint)row * width);
            var largest = double.NegativeInfinity;
            for (var v = 0; v < width; v++)
                largest = Math.Max(largest, x[v]);
            var sum = 0.0;
            for (var v = 0; v < width; v++)
                sum += Math.Exp(x[v] - largest);
            for (var v = 0; v < width; v++)
                p[v] = (float)(Math.Exp(x[v] - largest) / sum);
        }
    }

    private static (int B, int T, int V) Shapes(OperatorCall call)
    {
        var sizes = call.Sizes("logits", 3);
        return (sizes[0], sizes[1], sizes[2]);
    }
}
