using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>Heartbeats, draining and what retention has removed, as PROTOCOL.md says them.</summary>
public sealed class LifetimeTests
{
    [Fact]
    [Trait("Must", "R-BEAT-1")]
    [Trait("Must", "R-BEAT-3")]
    public async Task Session_ClientFallsSilent_IsPingedThenClosed()
    {
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            edge.HeartbeatMilliseconds = 500;
            edge.IdleTimeoutMilliseconds = 2500;
        });
        await using WireClient client = await WireClient.SignInAsync(relay.A, "user:alice");
        int pings = 0;
        while (true)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type == FrameType.Close)
            {
                Assert.Equal(DecodeStatus.Ok, CloseBody.TryDecode(body, out CloseBody close));
                Assert.Equal(ErrorCode.HeartbeatTimeout, close.Code);
                break;
            }

            Assert.Equal(FrameType.Ping, header.Type);
            pings++;
        }

        Assert.InRange(pings, 1, 10);
    }

    [Fact]
    [Trait("Must", "R-DRAIN-2")]
    public async Task Drain_SessionThatStays_IsServedUntilTheDeadlineThenClosed()
    {
        await using TestRelay relay = await TestRelay.StartAsync(edge => edge.DrainMilliseconds = 1000);
        await using WireClient client = await WireClient.SignInAsync(relay.A, "user:alice");
        await client.JoinAsync("lobby");
        Task stopping = relay.EdgeA.StopAsync(TestContext.Current.CancellationToken);
        (_, byte[] body) = await client.ReceiveAsync(FrameType.Draining);
        Assert.Equal(DecodeStatus.Ok, DrainingBody.TryDecode(body, out DrainingBody draining));
        Assert.True(draining.MoveAfterMilliseconds <= draining.DeadlineMilliseconds);

        await client.SendPublishAsync("lobby", 1, 1, "still here", FrameFlags.None);
        Assert.Equal((1UL, "still here"), Assert.Single(await client.ReceiveMessagesAsync(1)));
        Assert.Equal(ErrorCode.Draining, await client.ReceiveCloseAsync());
        await stopping;
    }

    [Fact]
    [Trait("Must", "R-RESUME-3")]
    [Trait("Must", "R-GAP-1")]
    public async Task Join_PositionThatRetentionRemoved_GapThenTheRest()
    {
        const int Published = 60;
        await using TestRelay relay = await TestRelay.StartAsync(master: options => options.RetentionMessages = 10);
        await using WireClient alice = await WireClient.SignInAsync(relay.A, "user:alice");
        await alice.JoinAsync("lobby");
        Position first = default;
        for (ulong number = 1; number <= Published; number++)
        {
            // One at a time, so that each is an entry of the log that retention can remove.
            await alice.SendPublishAsync("lobby", 1, number, $"line {number}", FrameFlags.None);
            (_, byte[] deliver) = await alice.ReceiveAsync(FrameType.Deliver);
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(deliver, out DeliverBody batch));
            first = number == 1 ? batch.Last : first;
        }

        await using WireClient bob = await WireClient.SignInAsync(relay.B, "user:bob");
        await bob.JoinAsync("lobby", JoinStart.Resume, position: first);
        (_, byte[] body) = await bob.ReceiveAsync(FrameType.Gap);
        Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(body, out GapBody gap));
        Assert.Equal((GapReason.Trimmed, first), (gap.Reason, gap.After));
        Assert.InRange(gap.Until.Seq, 2UL, Published - 1UL);
        Position until = gap.Until;

        List<(ulong Seq, string Text)> rest = await bob.ReceiveMessagesAsync(Published - (int)until.Seq, until.Seq);
        Assert.Equal(until.Seq + 1, rest[0].Seq);
        Assert.Equal($"line {Published}", rest[^1].Text);
    }
}
