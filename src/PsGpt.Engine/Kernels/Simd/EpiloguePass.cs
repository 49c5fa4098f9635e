using System.Runtime.CompilerServices;

namespace PsGpt.Kernels;

/// <summary>Applies an <see cref="Epilogue"/> to one tile.</summary>
internal static unsafe class EpiloguePass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <param name="tile">The tile's first value.</param>
    /// <param name="offset">Where the tile begins in the product, and so in every tensor that is laid out as it.</param>
    /// <param name="column">The tile's first column, and so where its part of the bias begins.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(in Epilogue epilogue, float* tile, nint offset, int column, nint stride, int height, int width)
    {
        for (var row = 0; row < height; row++, offset += stride, tile += stride)
        {
            for (var start = 0; start < width; start += TSimd.Width)
                ApplyVector(epilogue, tile + start, offset + start, column + start, Math.Min(TSimd.Width, width - start));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ApplyVector(in Epilogue epilogue, float* target, nint offset, int column, int count)
    {
        var value = Lanes<TSimd, TVector>.Load(target, count);
        if (epilogue.Bias is not null)
            value = TSimd.Add(value, Lanes<TSimd, TVector>.Load(epilogue.Bias + column, count));
        if (epilogue.Residual is not null)
            value = TSimd.Add(value, Lanes<TSimd, TVector>.Load(epilogue.Residual + offset, count));
        if (epilogue.PreActivation is not null)
            value = TSimd.Multiply(value, Activations<TSimd, TVector>.Derivative(epilogue.Activation, Lanes<TSimd, TVector>.Load(epilogue.PreActivation + offset, count)));
        Lanes<TSimd, TVector>.Store(target, value, count);
        if (epilogue.Activated is not null)
            Lanes<TSimd, TVector>.Store(epilogue.Activated + offset, Activations<TSimd, TVector>.Value(epilogue.Activation, value), count);
    }
}
