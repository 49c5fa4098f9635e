namespace PsGpt.Inspection;

/// <summary>out = wte[inp] + wpe[position]: token and position embedding (llm.c's encoder).</summary>
internal static unsafe class Encoder
{
    public static GptOperator Create() => new(
        "encoder", "out = wte[inp] + wpe[t]", "Vaswani et al. 2017, Attention Is All You Need, 3.4 and 3.5", Forward, Backward)
    {
        Inputs =
        [
            new("inp", "(B, T)", "token ids"),
            new("wte", "(V, C)", "token embedding"),
            new("wpe", "(T, C)", "position embedding, at least T rows"),
        ],
        Outputs = [new("out", "(B, T, C)", "embedded tokens")],
        BackwardInputs = [new("dout", "(B, T, C)", "gradient of out")],
        BackwardOutputs = [new("dwte", "(V, C)", "gradient of wte"), new("dwpe", "(T, C)", "gradient of wpe")],
    };

    private static void Forward(OperatorCall call)
    {
        var (B, T, C, vocabulary, positions) = Shapes(call);
        call.Kernels.EmbeddingForward(
            call.Output("out", B, T, C), call.Ids("inp", B * T, vocabulary), call.Input("wte", vocabulary, C),
            call.Input("wpe", positions, C), B, T, 0, C);
    }

    private static void Backward(OperatorCall call)
    {
        var (B, T, C, vocabulary, positions) = Shapes(call);
        call.Kernels.EmbeddingBackward(
            call.Output("dwte", vocabulary, C), call.Output("dwpe", positions, C), call.Ids("inp", B * T, vocabulary),
            call.Input("dout", B, T, C), B, T, C, accumulate: true);
    }

    private static (int B, int T, int C, int Vocabulary, int Positions) Shapes(OperatorCall call)
    {
        var (ids, wte, wpe) = (call.Sizes("inp", 2), call.Sizes("wte", 2), call.Sizes("wpe", 2));
        return wpe[0] >= ids[1]
            ? (ids[0], ids[1], wte[1], wte[0], wpe[0])
            : throw call.Invalid($"'inp' has {ids[1]} positions, but 'wpe' only {wpe[0]} rows");
    }
}
