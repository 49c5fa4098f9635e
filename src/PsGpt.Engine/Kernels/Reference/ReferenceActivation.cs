namespace PsGpt.Kernels.Reference;

/// <summary>The activation functions and their derivatives in double precision.</summary>
internal static unsafe class ReferenceActivation
{
    private static readonly double RootTwoOverPi = Math.Sqrt(2 / Math.PI);

    public static double Value(ActivationFunction activation, double x) => activation switch
    {
        ActivationFunction.GeluTanh => 0.5 * x * (1 + Math.Tanh(RootTwoOverPi * (x + (0.044715 * x * x * x)))),
        ActivationFunction.GeluErf => x * NormalCumulative(x),
        ActivationFunction.Relu => Math.Max(x, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>The function of each number, rounded to float32.</summary>
    public static void Apply(ActivationFunction activation, float* input, float* output, nint count)
    {
        for (nint i = 0; i < count; i++)
            output[i] = (float)Value(activation, input[i]);
    }

    public static double Derivative(ActivationFunction activation, double x)
    {
        switch (activation)
        {
            case ActivationFunction.GeluTanh:
                var tanh = Math.Tanh(RootTwoOverPi * (x + (0.044715 * x * x * x)));
                return (0.5 * (1 + tanh)) + (0.5 * x * (1 - (tanh * tanh)) * RootTwoOverPi * (1 + (3 * 0.044715 * x * x)));
            case ActivationFunction.GeluErf:
                return NormalCumulative(x) + (x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
            case ActivationFunction.Relu:
                return x > 0 ? 1 : 0;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>The standard normal distribution function: Simpson's rule over the density, smooth enough for 10⁻¹².</summary>
    private static double NormalCumulative(double x)
    {
        const int Intervals = 200;
        var end = Math.Clamp(x, -9, 9);
        var step = end / Intervals;
        var sum = 0.0;
        for (var i = 0; i <= Intervals; i++)
        {
            var weight = i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-0.5 * (i * step) * (i * step));
        }

        return 0.5 + (sum * step / 3 / Math.Sqrt(2 * Math.PI));
    }
}
