using PsGpt.Kernels.Threading;
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
    public void A_call_that_is_stopped_and_never_returns_is_given_up()
    {
        using var forever = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var deaf = new PluginGuard("sampler", "deaf");
        var error = Assert.Throws<GptException>(() => deaf.Run(() => Stop(stop, forever), stop.Token));
        Assert.Contains("sampler 'deaf' was stopped and did not end", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<GptException>(() => new PluginGuard("sampler", "deaf").Run(() => { }));
        Assert.Contains("not called again", error.Message, StringComparison.Ordinal);
        guard.Run(() => { });
        forever.Set();
    }

    [Fact]
    public void A_plug_in_that_gets_no_token_is_stopped_by_that_of_its_caller()
    {
        using var forever = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        using var stopped = PluginGuard.StoppedBy(stop.Token);
        var error = Assert.Throws<GptException>(() => new PluginGuard("split", "deaf").Run(() => Stop(stop, forever)));
        Assert.Contains("was stopped", error.Message, StringComparison.Ordinal);
        forever.Set();
    }

    [Fact]
    public void A_call_that_never_returns_is_given_up_after_the_time_that_is_allowed()
    {
        using var forever = new ManualResetEventSlim();
        var slow = new PluginGuard("sampler", "slow", new PluginLimits(TimeSpan.FromTicks(1), long.MaxValue));
        var error = Assert.Throws<GptException>(() => slow.Run(() => forever.Wait(CancellationToken.None)));
        Assert.Contains("has not returned", error.Message, StringComparison.Ordinal);
        forever.Set();
    }

    [Fact]
    public void One_that_ends_after_it_was_stopped_may_be_called_again()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => guard.Run(() =>
        {
            stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
        }, stop.Token));
        guard.Run(() => { });
    }

    [Fact]
    public void Code_of_a_script_stays_on_the_thread_of_its_caller()
    {
        var (here, there) = (0, 0);
        new PluginGuard("sampler", "script", staysOnThread: true).Run(() => here = Environment.CurrentManagedThreadId);
        guard.Run(() => there = Environment.CurrentManagedThreadId);
        Assert.Equal(Environment.CurrentManagedThreadId, here);
        Assert.NotEqual(here, there);
    }

    [Fact]
    public void Reports_of_a_plug_in_are_passed_on_by_its_caller()
    {
        var (warnings, shares) = (new List<(string, int)>(), new List<double>());
        var reports = new PluginReports(new Shares(shares), warning => warnings.Add((warning, Environment.CurrentManagedThreadId)));
        guard.Run(() => { reports.Warn("Careful."); reports.Report(0.25); reports.Report(0.5); }, reports, CancellationToken.None);
        Assert.Equal([("Careful.", Environment.CurrentManagedThreadId)], warnings);
        Assert.Equal([0.5], shares);
    }

    [Fact]
    public void Text_for_the_console_is_taken_from_all_threads_of_a_plug_in()
    {
        var noisy = new PluginGuard("sampler", "noisy");
        bool[] taken = [false, false, false];
        var error = Assert.Throws<GptException>(() => noisy.Run(() =>
        {
            var thread = new Thread(() => taken[0] = PluginGuard.TakesText());
            thread.Start();
            thread.Join();
            taken[1] = Task.Run(PluginGuard.TakesText).GetAwaiter().GetResult();
            WorkTeam.For(64, (start, end) => taken[2] |= PluginGuard.TakesText());
        }));
        Assert.Contains("'noisy' wrote to the console", error.Message, StringComparison.Ordinal);
        Assert.Equal([true, true, true], taken);
        Assert.False(PluginGuard.TakesText());
        noisy.Run(() => { });
    }

    [Fact]
    public void It_is_known_which_plug_in_runs_on_a_thread()
    {
        string? inside = null;
        guard.Run(() => inside = PluginGuard.Current);
        Assert.Equal(("sampler 'mine'", null), (inside, PluginGuard.Current));
    }

    private static void Stop(CancellationTokenSource stop, ManualResetEventSlim forever)
    {
        stop.Cancel();
        forever.Wait(CancellationToken.None);
    }

    private sealed class Shares(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
