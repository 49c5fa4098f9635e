using PsGpt.Tensors;

namespace PsGpt.Unit.Tensors;

public sealed unsafe class NativeBlockTests
{
    // From a few bytes over the size from which large pages are asked for to some way beyond it.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 22) + 5)]
    public void A_block_is_zero_and_aligned_even_where_its_memory_was_used_before(int length)
    {
        for (var round = 0; round < 3; round++)
        {
            using var block = new NativeBlock(length);
            var values = new Span<float>(block.Pointer, length);
            Assert.Equal(0u, (nuint)block.Pointer % 64);
            Assert.Equal(-1, values.IndexOfAnyExcept(0f));
            values.Fill(1);
        }
    }

    [Fact]
    public void More_than_the_machine_has_is_an_error_that_says_how_much()
    {
        var exception = Assert.Throws<GptException>(() => new NativeBlock(nint.MaxValue / 2).Dispose());
        Assert.Equal("OutOfMemory", exception.ErrorId);
    }

    [Fact]
    public void A_freed_block_is_not_touched()
    {
        var block = new NativeBlock(4);
        block.Dispose();
        Assert.Throws<ObjectDisposedException>(() => (nint)block.Pointer);
    }
}
