using PsGpt.Plugins;

namespace PsGpt.Unit.Plugins;

public sealed class PluginGuardTests
{
    private readonly PluginGuard guard = new("sampler", "mine");

    [Fact]
    public void An_exception_becomes_an_error_that_names_the_plug_in()
    {
        var error = Assert.Throws<GptException>(() => guard.Run(() => throw new InvalidOperationException("Bang.")));
        Assert.Equal("PluginFailed", error.ErrorId);
        Assert.Contains("sampler 'mine' failed: Bang", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public void An_error_with_an_id_of_its_own_keeps_it_and_is_named()
    {
        var error = Assert.Throws<GptException>(() => guard.Run(() => throw new GptException("Mine", GptErrorKind.InvalidData, "Bad.")));
        Assert.Equal(("Mine", GptErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains("sampler 'mine'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_passes() => Assert.Throws<OperationCanceledException>(
        () => guard.Run(() => new CancellationToken(canceled: true).ThrowIfCancellationRequested()));

    [Fact]
    public void A_cancellation_that_nobody_asked_for_is_an_error() => Assert.Equal(
        "PluginFailed", Assert.Throws<GptException>(() => guard.Run(() => throw new OperationCanceledException())).ErrorId);

    [Fact]
    public void A_lack_of_memory_is_its_own() =>
        Assert.Equal("PluginFailed", Assert.Throws<GptException>(() => guard.Run(() => throw new OutOfMemoryException())).ErrorId);

    [Fact]
    public void No_result_is_an_error() =>
        Assert.Equal("PluginFailed", Assert.Throws<GptException>(() => guard.Get<string>(() => null!)).ErrorId);

    [Fact]
    public void A_call_that_takes_longer_than_allowed_is_an_error()
    {
        var hasty = new PluginGuard("sampler", "mine", new PluginLimits(TimeSpan.FromTicks(-1), long.MaxValue));
        Assert.Contains("seconds", Assert.Throws<GptException>(() => hasty.Run(() => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_allocates_more_than_allowed_is_an_error()
    {
        var small = new PluginGuard("sampler", "mine", new PluginLimits(TimeSpan.MaxValue, 1 << 20));
        var error = Assert.Throws<GptException>(() => small.Run(() => GC.KeepAlive(new byte[2 << 20])));
        Assert.Contains("bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_was_allocated_before_the_call_does_not_count()
    {
        GC.KeepAlive(new byte[2 << 20]);
        new PluginGuard("sampler", "mine", new PluginLimits(TimeSpan.MaxValue, 1 << 20)).Run(() => { });
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > 1 << 20);
    }

    [Fact]
    public void A_call_may_take_a_minute_and_a_gibibyte() =>
        Assert.Equal((60, 1_073_741_824), (PluginLimits.Default.Time.TotalSeconds, PluginLimits.Default.Bytes));

    [Fact]
    public void It_is_known_which_plug_in_runs_on_a_thread()
    {
        string? inside = null;
        guard.Run(() => inside = PluginGuard.Current);
        Assert.Equal(("sampler 'mine'", null), (inside, PluginGuard.Current));
    }
}
