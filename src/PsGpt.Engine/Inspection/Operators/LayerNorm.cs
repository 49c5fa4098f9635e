namespace PsGpt.Inspection;

/// <summary>out = (inp − mean) · rstd · weight + bias for each row.</summary>
internal static unsafe class LayerNorm
{
    public static GptOperator Create() => new(
        "layernorm", "out = (inp - mean) * rstd * weight + bias", "Ba, Kiros and Hinton 2016, Layer Normalization", Forward, Backward)
    {
        Inputs =
        [
            new("inp", "(B, T, C)", "rows to normalize"),
            new("weight", "(C)", "scale"),
            new("bias", "(C)", "shift", IsOptional: true),
            new("eps", "", "added to the variance", 1e-5f),
        ],
        Outputs =
        [
            new("out", "(B, T, C)", "normalized rows"),
            new("mean", "(B, T)", "mean of each row"),
            new("rstd", "(B, T)", "reciprocal standard deviation"),
        ],
        BackwardInputs = [new("dout", "(B, T, C)", "gradient of out")],
        BackwardOutputs =
        [
            new("dinp", "(B, T, C)", "gradient of inp"),
            new("dweight", "(C)", "gradient of weight"),
            new("dbias", "(C)", "gradient of bias"),
        ],
    };

    private static void Forward(OperatorCall call)
    {
        var sizes = call.Sizes("inp", 3);
        var (B, T, C) = (sizes[0], sizes[1], sizes[2]);
        call.Kernels.LayerNormForward(
            call.Output("out", B, T, C), call.Output("mean", B, T), call.Output("rstd", B, T), call.Input("inp", B, T, C),
            call.Input("weight", C),
            call.OptionalInput("bias", C), B * T, C, call.Number("eps"));
    }

    private static void Backward(OperatorCall call)
    {
        var sizes = call.Sizes("inp", 3);
        var (B, T, C) = (sizes[0], sizes[1], sizes[2]);
        call.Kernels.LayerNormBackward(
            call.Output("dinp", B, T, C), call.Output("dweight", C), call.Has("bias") ? call.Output("dbias", C) : null,
            call.Input("dout", B, T, C),
            call.Made("inp"), call.Made("mean"), call.Made("rstd"), call.Made("weight"), B * T, C, accumulate: false);
    }
}
