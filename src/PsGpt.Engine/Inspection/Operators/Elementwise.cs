using PsGpt.Kernels;

namespace PsGpt.Inspection;

/// <summary>The operators that treat every value alone: activation functions, residual connection, dropout.</summary>
internal static unsafe class Elementwise
{
    public static IEnumerable<GptOperator> Create() =>
    [
        Activation(
            "gelu", "out = 0.5 inp (1 + tanh(sqrt(2/pi) (inp + 0.044715 inp^3)))", "Hendrycks and Gimpel 2016, Gaussian Error Linear Units",
            ActivationFunction.GeluTanh),
        Activation("relu", "out = max(inp, 0)", "Nair and Hinton 2010, Rectified Linear Units", ActivationFunction.Relu),
        new("residual", "out = inp1 + inp2", "He et al. 2015, Deep Residual Learning", ResidualForward, ResidualBackward)
        {
            Inputs = [new("inp1", "(N)", "skip connection"), new("inp2", "(N)", "branch")],
            Outputs = [new("out", "(N)", "sum")],
            BackwardInputs = [new("dout", "(N)", "gradient of out")],
            BackwardOutputs = [new("dinp1", "(N)", "gradient of inp1"), new("dinp2", "(N)", "gradient of inp2")],
        },
        new("dropout", "out = inp / (1 - rate) where kept, else 0", "Srivastava et al. 2014, Dropout", DropoutForward, DropoutBackward)
        {
            Inputs = [new("inp", "(N)", "values"), new("rate", "", "share that is dropped", 0.1f), new("seed", "", "seed of the mask", 0)],
            Outputs = [new("out", "(N)", "kept values, scaled")],
            BackwardInputs = [new("dout", "(N)", "gradient of out")],
            BackwardOutputs = [new("dinp", "(N)", "gradient of inp")],
        },
    ];

    /// <summary>As a product with the 1 x 1 matrix 1, since the kernels apply activations to products.</summary>
    private static GptOperator Activation(string name, string formula, string source, ActivationFunction function) => new(
        name, formula, source,
        call =>
        {
            var (sizes, length, one) = (call.Shape("inp"), call.Length("inp"), 1f);
            fixed (float* preActivation = new float[length])
            {
                call.Kernels.MatMulActivationForward(
                    preActivation, call.Output("out", sizes), call.Input("inp", sizes), &one, bias: null, function, new(length, 1, 1));
            }
        },
        call =>
        {
            var (sizes, length, one) = (call.Shape("inp"), call.Length("inp"), 1f);
            call.Kernels.MatMulBackwardInput(
                call.Output("dinp", sizes), call.Input("dout", sizes), &one, call.Made("inp"), function, new(length, 1, 1));
        })
    {
        Inputs = [new("inp", "(N)", "values")],
        Outputs = [new("out", "(N)", "activated values")],
        BackwardInputs = [new("dout", "(N)", "gradient of out")],
        BackwardOutputs = [new("dinp", "(N)", "gradient of inp")],
    };

    private static void ResidualForward(OperatorCall call)
    {
        var (sizes, length) = (call.Shape("inp1"), call.Length("inp1"));
        var output = call.Output("out", sizes);
        call.Kernels.Add(output, call.Input("inp1", sizes), length);
        call.Kernels.Add(output, call.Input("inp2", sizes), length);
    }

    private static void ResidualBackward(OperatorCall call)
    {
        var (sizes, length) = (call.Shape("inp1"), call.Length("inp1"));
        var gradient = call.Input("dout", sizes);
        call.Kernels.Add(call.Output("dinp1", sizes), gradient, length);
        call.Kernels.Add(call.Output("dinp2", sizes), gradient, length);
    }

    private static void DropoutForward(OperatorCall call) => Drop(call, "inp", "out");

    private static void DropoutBackward(OperatorCall call) => Drop(call, "dout", "dinp");

    private static void Drop(OperatorCall call, string input, string output)
    {
        var rate = call.Number("rate");
        if (!(rate >= 0 && rate < 1))
            throw call.Invalid($"'rate' is {rate}, not 0 or more and below 1");
        var sizes = call.Shape("inp");
        var mask = DropoutMask.Create((ulong)call.Count("seed", minimum: 0), 0, rate);
        call.Kernels.DropoutForward(call.Output(output, sizes), call.Input(input, sizes), residual: null, call.Length("inp"), mask);
    }
}
