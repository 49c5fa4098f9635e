using PsGpt.Tensors;

namespace PsGpt.Unit.Tensors;

public sealed class ForgottenBlockTests
{
    [Fact]
    public void Blocks_that_are_forgotten_make_the_collector_run()
    {
        // Nothing is written to the blocks, so the system gives them no memory; on the managed heap they are tiny.
        var before = GC.CollectionCount(0);
        var count = 0;
        while (count < 100 && GC.CollectionCount(0) == before)
            count += new NativeBlock(1 << 22).Length > 0 ? 1 : 0;
        Assert.InRange(count, 1, 99);
    }
}
