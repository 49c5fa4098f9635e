using System.Reflection;
using PsGpt.Kernels.Gemm;
using PsGpt.Kernels.Simd;

namespace PsGpt.Unit.Kernels;

/// <summary>The buffers for tiles are made for <see cref="LargestTile"/>: a wider backend must not write past them.</summary>
public sealed class TileSizeTests
{
    private static readonly Type[] Backends =
        [.. typeof(LargestTile).Assembly.GetTypes().Where(type => type.IsValueType && VectorOf(type) is not null)];

    [Fact]
    public void The_largest_tile_is_that_of_the_largest_vectors()
    {
        Assert.True(Backends.Length >= 3);
        Assert.Equal(LargestTile.Mr, Backends.Max(backend => Number(backend, nameof(Simd128.Mr))));
        Assert.Equal(LargestTile.Nr, Backends.Max(backend => 2 * Number(backend, nameof(Simd128.Width))));
    }

    [Fact]
    public void There_is_a_micro_kernel_for_each_height_of_a_tile()
    {
        int[] heights = [FourRows.Rows, SixRows.Rows, EightRows.Rows, TwelveRows.Rows];
        foreach (var backend in Backends)
        {
            var gemm = typeof(Gemm<,>).MakeGenericType(backend, VectorOf(backend)!);
            var tileHeight = gemm.GetMethod("TileHeight", BindingFlags.Public | BindingFlags.Static)!;
            for (var rowsLeft = 1; rowsLeft <= 2 * LargestTile.Mr; rowsLeft++)
                Assert.Contains((int)tileHeight.Invoke(null, [rowsLeft])!, heights);
        }
    }

    private static Type? VectorOf(Type backend) =>
        backend.GetInterfaces()
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ISimd<>))
            ?.GetGenericArguments()[0];

    private static int Number(Type backend, string property) => (int)backend.GetProperty(property)!.GetValue(null)!;
}
