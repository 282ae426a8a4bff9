using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Relay;

/// <summary>The data path, end to end: client, edge, master, log, the other edge, client.</summary>
public sealed class RelayTests
{
    [Fact]
    public async Task Publish_MembersOnBothEdges_BothReceiveInTheSameOrder()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WireClient alice = await WireClient.SignInAsync(relay.A, "user:alice");
        await using WireClient bob = await WireClient.SignInAsync(relay.B, "user:bob");
        await alice.JoinAsync("lobby");
        await bob.JoinAsync("lobby");

        for (ulong i = 1; i <= 20; i++)
        {
            await (i % 2 == 0 ? alice : bob).SendPublishAsync("lobby", i % 2, i, $"line {i}");
        }

        List<(ulong, string)> atAlice = await alice.ReceiveMessagesAsync(20);
        List<(ulong, string)> atBob = await bob.ReceiveMessagesAsync(20);
        Assert.Equal(atAlice, atBob);
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (ulong)seq), atAlice.Select(message => message.Item1));
    }

    [Fact]
    public async Task Publish_AckWanted_AckNamesThePositionInTheLog()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WireClient alice = await WireClient.SignInAsync(relay.A, "user:alice");
        await alice.JoinAsync("lobby");
        await alice.SendPublishAsync("lobby", 7, 1, "hello");

        (ulong number, ulong seq) = await ReceiveAckAsync(alice);
        Assert.Equal((1UL, 1UL), (number, seq));
    }

    [Fact]
    public async Task Publish_SameNumberThroughAnotherEdge_AckedAtTheSamePositionAndDeliveredOnce()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WireClient first = await WireClient.SignInAsync(relay.A, "user:alice");
        await using WireClient second = await WireClient.SignInAsync(relay.B, "user:alice");
        await first.JoinAsync("lobby");
        await second.JoinAsync("lobby");

        await first.SendPublishAsync("lobby", 7, 1, "once");
        Assert.Equal((1UL, 1UL), await ReceiveAckAsync(first));
        await second.SendPublishAsync("lobby", 7, 1, "once");
        Assert.Equal((1UL, 1UL), await ReceiveAckAsync(second));
        await second.SendPublishAsync("lobby", 7, 2, "next");
        Assert.Equal((2UL, 2UL), await ReceiveAckAsync(second));
    }

    [Fact]
    public async Task Join_LastMessages_HistoryThenLive()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WireClient alice = await WireClient.SignInAsync(relay.A, "user:alice");
        await alice.JoinAsync("lobby");
        for (ulong i = 1; i <= 50; i++)
        {
            await alice.SendPublishAsync("lobby", 1, i, $"line {i}");
        }

        await alice.ReceiveMessagesAsync(50);
        await using WireClient bob = await WireClient.SignInAsync(relay.B, "user:bob");
        (Position from, Position top) = await bob.JoinAsync("lobby", JoinStart.LastMessages, 10);
        Assert.Equal((40UL, 50UL), (from.Seq, top.Seq));
        await alice.SendPublishAsync("lobby", 1, 51, "live");
        List<(ulong Seq, string Text)> received = await bob.ReceiveMessagesAsync(11, from.Seq);
        Assert.Equal("line 41", received[0].Text);
        Assert.Equal("live", received[^1].Text);
    }

    [Fact]
    public async Task Join_ResumeAtAnotherEdge_GetsExactlyWhatItMissed()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WireClient alice = await WireClient.SignInAsync(relay.A, "user:alice");
        (_, Position start) = await alice.JoinAsync("lobby");
        for (ulong i = 1; i <= 30; i++)
        {
            await alice.SendPublishAsync("lobby", 1, i, $"line {i}");
        }

        List<(ulong Seq, string Text)> all = await alice.ReceiveMessagesAsync(30);
        await using WireClient bob = await WireClient.SignInAsync(relay.B, "user:bob");
        (Position from, _) = await bob.JoinAsync("lobby", JoinStart.Resume, position: Position.Start);
        Assert.Equal(0UL, from.Seq);
        Assert.Equal(all, await bob.ReceiveMessagesAsync(30));
    }

    private static async Task<(ulong Number, ulong Seq)> ReceiveAckAsync(WireClient client)
    {
        while (true)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type == FrameType.PubAck)
            {
                Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(body, out PubAckBody ack));
                foreach ((ulong number, ulong seq) in ack)
                {
                    return (number, seq);
                }
            }
        }
    }
}
