using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

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
            if (epilogue.Bias is not null)
                Add(tile, epilogue.Bias + column, width);
            if (epilogue.Residual is not null)
                Add(tile, epilogue.Residual + offset, width);
            if (epilogue.PreActivation is not null)
                MultiplyByDerivative(epilogue.Activation, tile, epilogue.PreActivation + offset, width);
            if (epilogue.Activated is not null)
                Activate(epilogue.Activation, epilogue.Activated + offset, tile, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* row, float* addend, int width)
    {
        for (var c = 0; c < width; c += TSimd.Width)
            Masked<TSimd, TVector>.Store(row + c, TSimd.Add(Masked<TSimd, TVector>.Load(row + c, width - c), Masked<TSimd, TVector>.Load(addend + c, width - c)), width - c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyByDerivative(ActivationFunction activation, float* row, float* preActivation, int width)
    {
        for (var c = 0; c < width; c += TSimd.Width)
        {
            var derivative = VectorActivation<TSimd, TVector>.Derivative(activation, Masked<TSimd, TVector>.Load(preActivation + c, width - c));
            Masked<TSimd, TVector>.Store(row + c, TSimd.Multiply(Masked<TSimd, TVector>.Load(row + c, width - c), derivative), width - c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate(ActivationFunction activation, float* activated, float* row, int width)
    {
        for (var c = 0; c < width; c += TSimd.Width)
            Masked<TSimd, TVector>.Store(activated + c, VectorActivation<TSimd, TVector>.Value(activation, Masked<TSimd, TVector>.Load(row + c, width - c)), width - c);
    }
}
