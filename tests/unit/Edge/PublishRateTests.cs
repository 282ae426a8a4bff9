using RelayServer.Edge;
using RelayServer.Edge.Sessions;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>Publishes of one session above its rate, in messages and in bytes.</summary>
public sealed class PublishRateTests
{
    [Theory]
    [InlineData(0, 0, 1024)]
    [InlineData(10, 0, 10)]
    [InlineData(1_000_000, 0, 1024)]
    [InlineData(0, 1_000_000, 16)]
    [InlineData(0, 100, 1)]
    [InlineData(7, 1_000_000, 7)]
    public void WindowMessages_WithARate_HoldsAboutASecondsWorth(int perSecond, int bytesPerSecond, int window) => Assert.Equal(
        window, new PublishRate(new EdgeOptions { PublishesPerSecondMax = perSecond, PublishBytesPerSecondMax = bytesPerSecond }).WindowMessages);

    [Fact]
    [Trait("Must", "R-ERROR-4")]
    public void Publish_AboveTheRate_RefusedWithATimeAfterWhichItIsTaken()
    {
        using EdgeBench bench = Bench(options => options.PublishesPerSecondMax = 3);
        EdgeSession alice = Member(bench);
        EdgeSession bob = bench.SignIn("bob");
        bench.Join(bob, "room");
        bench.Effects.Sent.Clear();
        for (ulong number = 1; number <= 5; number++)
        {
            bench.Publish(alice, "room", number, FrameFlags.None);
        }

        Assert.Equal([(4UL, 1000U), (5UL, 1000U)], Refused(bench));
        bench.Publish(bob, "room", 1, FrameFlags.None);
        bench.Now += 999;
        bench.Publish(alice, "room", 6, FrameFlags.None);
        Assert.Equal((6UL, 1U), Refused(bench)[^1]);
        bench.Now += 1;
        bench.Publish(alice, "room", 4, FrameFlags.None);
        bench.Publish(alice, "room", 5, FrameFlags.None);
        Assert.Equal(3, Refused(bench).Count);
        Assert.Equal(0, alice.Unanswered);
    }

    [Fact]
    public void Publish_AboveTheBytesOfASecond_Refused()
    {
        using EdgeBench bench = Bench(options => options.PublishBytesPerSecondMax = 100);
        EdgeSession alice = Member(bench);
        bench.Effects.Sent.Clear();
        ulong number = 0;
        while (Refused(bench).Count == 0)
        {
            bench.Publish(alice, "room", ++number, FrameFlags.None);
        }

        // A body of the test's messages has between 15 and 50 bytes.
        Assert.InRange(number, 3UL, 7UL);
    }

    [Fact]
    [Trait("Must", "R-ERROR-4")]
    public void Wait_LargerPublishDuringTheWaitThatWasTold_DoesNotMakeItLonger()
    {
        var rate = new PublishRate(new EdgeOptions { PublishesPerSecondMax = 1, PublishBytesPerSecondMax = 100 });
        var session = new EdgeSession(1, []);
        rate.Take(session, 50, 1000);
        Assert.Equal(1000U, rate.Wait(session, 10, 1000));
        Assert.Equal(600U, rate.Wait(session, 1_000_000, 1400));
        Assert.Equal(0U, rate.Wait(session, 10, 2000));
    }

    private static EdgeBench Bench(Action<EdgeOptions> configure)
    {
        var bench = new EdgeBench(configure);
        bench.OwnSlots();
        return bench;
    }

    private static EdgeSession Member(EdgeBench bench)
    {
        EdgeSession session = bench.SignIn();
        bench.Join(session, "room");
        bench.Opened("room", 1, 10);
        return session;
    }

    private static List<(ulong Number, uint RetryAfter)> Refused(EdgeBench bench)
    {
        var refused = new List<(ulong, uint)>();
        foreach ((_, FrameType type, byte[] body, _) in bench.Effects.Sent)
        {
            if (type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                Assert.Equal(ErrorCode.RateLimited, error.Code);
                refused.Add((error.Number!.Value, error.RetryAfterMilliseconds));
            }
        }

        return refused;
    }
}
