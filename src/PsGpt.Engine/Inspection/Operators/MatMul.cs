namespace PsGpt.Inspection;

/// <summary>out = inp · weightᵀ + bias; a weight holds one output a row.</summary>
internal static unsafe class MatMul
{
    public static GptOperator Create() => new(
        "matmul", "out = inp @ weight.T + bias", "llm.c, train_gpt2.c: matmul_forward", Forward, Backward)
    {
        Inputs =
        [
            new("inp", "(B, T, C)", "rows"),
            new("weight", "(OC, C)", "one output a row"),
            new("bias", "(OC)", "added to each row", IsOptional: true),
        ],
        Outputs = [new("out", "(B, T, OC)", "product")],
        BackwardInputs = [new("dout", "(B, T, OC)", "gradient of out")],
        BackwardOutputs =
        [
            new("dinp", "(B, T, C)", "gradient of inp"),
            new("dweight", "(OC, C)", "gradient of weight"),
            new("dbias", "(OC)", "gradient of bias"),
        ],
    };

    private static void Forward(OperatorCall call)
    {
        var (B, T, C, OC) = Shapes(call);
        call.Kernels.MatMulForward(
            call.Output("out", B, T, OC), call.Input("inp", B, T, C), call.Input("weight", OC, C), call.OptionalInput("bias", OC),
            residual: null, new(B * T, C, OC));
    }

    private static void Backward(OperatorCall call)
    {
        var (B, T, C, OC) = Shapes(call);
        var dout = call.Input("dout", B, T, OC);
        call.Kernels.MatMulBackwardInput(
            call.Output("dinp", B, T, C), dout, call.Made("weight"), preActivation: null, default, new(B * T, C, OC));
        call.Kernels.MatMulBackwardWeight(
            call.Output("dweight", OC, C), call.Has("bias") ? call.Output("dbias", OC) : null, dout, call.Made("inp"),
            new(B * T, C, OC), accumulate: false);
    }

    private static (int B, int T, int C, int OC) Shapes(OperatorCall call)
    {
        var (inp, weight) = (call.Sizes("inp", 3), call.Sizes("weight", 2));
        return (inp[0], inp[1], inp[2], weight[0]);
    }
}
