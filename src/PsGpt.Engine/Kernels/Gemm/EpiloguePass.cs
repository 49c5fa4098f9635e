using System.Runtime.CompilerServices;
using PsGpt.Kernels.Simd;

namespace PsGpt.Kernels.Gemm;

internal static unsafe partial class Gemm<TSimd, TVector>
{
    /// <summary>Applies an <see cref="Epilogue"/> to one tile.</summary>
    internal static class EpiloguePass
    {
        /// <param name="tile">The tile's first value.</param>
        /// <param name="offset">Where the tile begins in C, and in every tensor laid out as C.</param>
        /// <param name="column">The tile's first column, where its part of the bias begins.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Apply(in Epilogue epilogue, float* tile, nint offset, int column, nint ldc, int height, int width)
        {
            for (var row = 0; row < height; row++, offset += ldc, tile += ldc)
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
            {
                var sum = TSimd.Add(TSimd.Load(row + c, width - c), TSimd.Load(addend + c, width - c));
                TSimd.Store(row + c, sum, width - c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void MultiplyByDerivative(ActivationFunction activation, float* row, float* preActivation, int width)
        {
            for (var c = 0; c < width; c += TSimd.Width)
            {
                var x = TSimd.Load(preActivation + c, width - c);
                var derivative = VectorActivation<TSimd, TVector>.Derivative(activation, x);
                var product = TSimd.Multiply(TSimd.Load(row + c, width - c), derivative);
                TSimd.Store(row + c, product, width - c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Activate(ActivationFunction activation, float* activated, float* row, int width)
        {
            for (var c = 0; c < width; c += TSimd.Width)
            {
                var value = VectorActivation<TSimd, TVector>.Value(activation, TSimd.Load(row + c, width - c));
                TSimd.Store(activated + c, value, width - c);
            }
        }
    }
}
