using PsGpt.Kernels;

namespace PsGpt.Inspection;

/// <summary>One update by AdamW: decay first, then the step along the corrected moments.</summary>
internal static unsafe class AdamW
{
    public static GptOperator Create() => new(
        "adamw", "param = param (1 - lr * weight_decay) - lr * mhat / (sqrt(vhat) + eps)",
        "Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization", Forward, backward: null)
    {
        Inputs =
        [
            new("param", "(N)", "parameters"),
            new("grad", "(N)", "their gradient"),
            new("m", "(N)", "first moment", IsOptional: true),
            new("v", "(N)", "second moment", IsOptional: true),
            new("lr", "", "learning rate", 1e-3f),
            new("beta1", "", "decay of m", 0.9f),
            new("beta2", "", "decay of v", 0.999f),
            new("eps", "", "added to the root", 1e-8f),
            new("weight_decay", "", "decay of the parameters", 0.01f),
            new("t", "", "number of the step, from 1", 1),
        ],
        Outputs =
        [
            new("param", "(N)", "updated parameters"),
            new("m", "(N)", "updated first moment"),
            new("v", "(N)", "updated second moment"),
        ],
    };

    private static void Forward(OperatorCall call)
    {
        var (sizes, length, step) = (call.Shape("param"), call.Length("param"), call.Count("t"));
        var (beta1, beta2) = (call.Number("beta1"), call.Number("beta2"));
        var coefficients = new AdamWCoefficients(
            call.Number("lr"), beta1, beta2, call.Number("eps"), call.Number("weight_decay"),
            (float)(1 - Math.Pow(beta1, step)), (float)(1 - Math.Pow(beta2, step)), 1);
        var gradient = call.Input("grad", sizes);
        call.Kernels.AdamW(
            call.Updated("param", sizes), gradient, call.Updated("m", sizes), call.Updated("v", sizes), length, coefficients);
    }
}
