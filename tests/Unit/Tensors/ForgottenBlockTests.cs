using PsGpt.Tensors;

namespace PsGpt.Unit.Tensors;

/// <remarks>
/// It runs alone: until five times as long has passed as the last full collection took, .NET does not start another for what is reported
/// to it, and other tests cause such collections.
/// </remarks>
[CollectionDefinition(nameof(ForgottenBlockTests), DisableParallelization = true)]
[Collection(nameof(ForgottenBlockTests))]
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
