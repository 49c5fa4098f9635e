using PsGpt.Hub;
using Reply = PsGpt.Unit.Hub.LoopbackServer.Reply;

namespace PsGpt.Unit.Hub;

/// <summary>Servers that are busy, silent or away.</summary>
public sealed class HubRetryTests : IDisposable
{
    private readonly FakeHub hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public void A_busy_server_is_asked_again_later_each_time()
    {
        var left = 3;
        hub.AnswerOfStore = _ => left-- > 0 ? new Reply(503, []) : null;
        var clock = new ImpatientClock();
        using var models = new ModelHub(hub.Settings, clock);
        models.Download(HubName.Parse(FakeHub.Repository));
        Assert.Equal([1, 2, 4], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public void A_server_says_how_long_to_wait()
    {
        var left = 1;
        hub.Answer = _ => left-- > 0 ? new Reply(429, [], ("Retry-After", "30")) : null;
        var clock = new ImpatientClock();
        var states = new List<HubProgress>();
        using var models = new ModelHub(hub.Settings, clock);
        models.Download(HubName.Parse(FakeHub.Repository), new ProgressListener(states.Add));
        Assert.Equal([30], clock.Waits.Select(wait => wait.TotalSeconds));
        Assert.Equal(new HubProgress("config.json", 0, 0, HubPhase.Retrying), states[0]);
    }

    [Fact]
    public void What_will_not_pass_soon_is_not_waited_for()
    {
        var clock = new ImpatientClock();
        hub.Answer = _ => new Reply(429, [], ("Retry-After", "3600"));
        using var models = new ModelHub(hub.Settings, clock);
        Assert.Equal("HubUnreachable", Assert.Throws<GptException>(() => models.Download(HubName.Parse("gpt2"))).ErrorId);

        // A server without a certificate.
        using var safe =
            new ModelHub(hub.Settings with { Endpoint = new Uri(hub.Server.Address.Replace("http:", "https:", StringComparison.Ordinal)) },
            clock);
        Assert.Equal("HubUnreachable", Assert.Throws<GptException>(() => safe.Download(HubName.Parse("gpt2"))).ErrorId);
        Assert.Empty(clock.Waits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_that_stays_away_is_given_up(bool isSilent)
    {
        var clock = new ImpatientClock();
        hub.AnswerOfStore = _ =>
        {
            if (isSilent)
                clock.LosePatience();
            return new Reply(500, []) { IsSilent = isSilent };
        };
        using var models = new ModelHub(hub.Settings, clock);
        var error = Assert.Throws<GptException>(() => models.Download(HubName.Parse(FakeHub.Repository)));
        Assert.Equal(("HubUnreachable", GptErrorKind.ConnectionFailed), (error.ErrorId, error.Kind));
        Assert.Equal([1, 2, 4, 8], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public void A_silent_server_does_not_keep_anybody_from_stopping()
    {
        using var stop = new CancellationTokenSource();
        hub.AnswerOfStore = _ =>
        {
            stop.Cancel();
            return new Reply(200, []) { IsSilent = true };
        };
        Assert.ThrowsAny<OperationCanceledException>(() => hub.Download(cancellationToken: stop.Token));
    }
}
