using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>Applies an <see cref="Epilogue"/> to one tile.</summary>
internal static unsafe class EpiloguePass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Each value goes through all of the epilogue at once. Without a call the values of several rows are under way together.</summary>
    /// <param name="tile">The tile's first value.</param>
    /// <param name="offset">Where the tile begins in the product, and so in every tensor that is laid out as it.</param>
    /// <param name="column">The tile's first column, and so where its part of the bias begins.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(in Epilogue epilogue, float* tile, nint offset, int column, nint stride, int height, int width)
    {
        var activation = epilogue.Activation;
        var bias = epilogue.Bias is null ? null : epilogue.Bias + column;
        var residual = epilogue.Residual is null ? null : epilogue.Residual + offset;
        var preActivation = epilogue.PreActivation is null ? null : epilogue.PreActivation + offset;
        var activated = epilogue.Activated is null ? null : epilogue.Activated + offset;
        var isChanged = bias is not null || residual is not null || preActivation is not null;
        for (nint row = 0; row < height * stride; row += stride)
        {
            for (nint c = 0; c < width; c += TSimd.Width)
            {
                var count = width - (int)c;
                var value = Lanes<TSimd, TVector>.Load(tile + row + c, count);
                if (bias is not null)
                    value = TSimd.Add(value, Lanes<TSimd, TVector>.Load(bias + c, count));
                if (residual is not null)
                    value = TSimd.Add(value, Lanes<TSimd, TVector>.Load(residual + row + c, count));
                if (preActivation is not null)
                    value = TSimd.Multiply(value, Activations<TSimd, TVector>.Derivative(activation, Lanes<TSimd, TVector>.Load(preActivation + row + c, count)));
                if (isChanged)
                    Lanes<TSimd, TVector>.Store(tile + row + c, value, count);
                if (activated is not null)
                    Lanes<TSimd, TVector>.Store(activated + row + c, Activations<TSimd, TVector>.Value(activation, value), count);
            }
        }
    }
}
