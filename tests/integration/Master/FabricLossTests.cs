using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Master;

/// <summary>Redis goes and comes, with its data or without, under a running relay.</summary>
public sealed class FabricLossTests
{
    private const int HoldMilliseconds = 1000;

    // A fabric that does not come back must fail the test, not hold it.
    private const int PatienceMilliseconds = 90_000;

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Redis_StoppedAndStarted_ClientsStayPublishesAreHeldThenRefusedAndNothingAckedIsLost()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using TestRelay relay = await StartAsync(redis);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        await using RoomMember bob = await RoomMember.JoinAsync(relay.B, "bob", "lobby", 2);
        for (ulong number = 1; number <= 20; number++)
        {
            Assert.Equal(number, await alice.PublishAsync(number, $"line {number}"));
        }

        await redis.KillAsync();
        Assert.Equal(0UL, await alice.PublishAsync(21, "line 21"));
        Assert.Equal(ErrorCode.Unavailable, alice.ErrorOf(21));
        await alice.Client.SendAsync(FrameType.Ping, FrameFlags.None, 7, _ => 0);
        await alice.Client.ReceiveAsync(FrameType.Pong);

        await redis.StartAgainAsync();
        while (await alice.PublishAsync(21, "line 21") == 0)
        {
            Assert.Equal(ErrorFamily.Retry, alice.ErrorOf(21).Family());
        }

        Assert.True(await alice.PublishAsync(22, "line 22") > 0);
        await bob.HasMessagesAsync(22);
        Assert.Equal(Enumerable.Range(1, 22).Select(line => $"line {line}"), bob.Messages.Select(message => message.Text));
        Assert.Empty(bob.Gaps);
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Redis_BackWithinTheHoldTime_HeldPublishIsAckedAndNothingRefused()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using TestRelay relay = await StartAsync(redis.Endpoint, PatienceMilliseconds);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        Assert.Equal(1UL, await alice.PublishAsync(1, "line 1"));
        await alice.HasMessagesAsync(1);

        await redis.KillAsync();
        await Eventually.TrueAsync(
            () => relay.EdgeA.NotReadyReason is not null, TimeSpan.FromMilliseconds(PatienceMilliseconds), () => "the loss was not noticed");
        await alice.Client.SendPublishAsync("lobby", 1, 2, "line 2");
        await alice.Client.SendAsync(FrameType.Ping, FrameFlags.None, 7, _ => 0);

        // In order: when this comes the edge has the publish, and has not refused it.
        await alice.Client.ReceiveAsync(FrameType.Pong);
        await redis.StartAgainAsync();

        Assert.Equal(2UL, await alice.AnswerToAsync(2));
        await alice.HasMessagesAsync(2);
        Assert.Equal(["line 1", "line 2"], alice.Messages.Select(message => message.Text));
        Assert.Empty(alice.Gaps);
    }

    [Fact(Timeout = PatienceMilliseconds)]
    [Trait("Must", "R-RESUME-4")]
    [Trait("Must", "R-GAP-1")]
    public async Task Redis_ComesBackEmpty_MembersAndThoseWhoResumeAreToldThatHistoryDiverged()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using TestRelay relay = await StartAsync(redis);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        await using RoomMember bob = await RoomMember.JoinAsync(relay.B, "bob", "lobby", 2);
        for (ulong number = 1; number <= 5; number++)
        {
            Assert.Equal(number, await alice.PublishAsync(number, $"old {number}"));
        }

        await bob.HasMessagesAsync(5);
        Position old = bob.Have;
        await redis.KillAsync();
        await redis.StartAgainAsync();
        ulong next = 6;
        while (bob.Messages.Count < 10)
        {
            if (await alice.PublishAsync(next, $"new {next}") > 0)
            {
                next++;
            }

            if (next > 10)
            {
                await bob.HasMessagesAsync(10);
            }
        }

        Assert.Equal(GapReason.HistoryDiverged, Assert.Single(bob.Gaps).Reason);
        Assert.Equal(1UL, bob.Messages[5].At.Seq);
        Assert.True(bob.Messages[5].At.Epoch > old.Epoch);

        await using RoomMember late = await RoomMember.JoinAsync(relay.A, "late", "lobby", 3, JoinStart.Resume, old);
        await late.HasMessagesAsync(5);
        Assert.Equal(GapReason.HistoryDiverged, Assert.Single(late.Gaps).Reason);
        Assert.Equal(bob.Messages.Skip(5), late.Messages);
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task RedisPrimary_DiesAndReplicaIsPromoted_MembersGoOnAndNothingReplicatedIsLost()
    {
        await using RedisServer primary = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        await using RedisServer replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        await using TestRelay relay = await StartAsync($"{primary.Endpoint},{replica.Endpoint}");
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        await using RoomMember bob = await RoomMember.JoinAsync(relay.B, "bob", "lobby", 2);
        for (ulong number = 1; number <= 20; number++)
        {
            Assert.Equal(number, await alice.PublishAsync(number, $"line {number}"));
        }

        Assert.Equal("1", await primary.CommandAsync("WAIT", "1", "10000"));
        await primary.KillAsync();
        Assert.Equal(0UL, await alice.PublishAsync(21, "line 21"));
        Assert.Equal("OK", await replica.CommandAsync("REPLICAOF", "NO", "ONE"));
        while (await alice.PublishAsync(21, "line 21") == 0)
        {
            Assert.Equal(ErrorFamily.Retry, alice.ErrorOf(21).Family());
        }

        await bob.HasMessagesAsync(21);
        Assert.Equal(Enumerable.Range(1, 21).Select(line => $"line {line}"), bob.Messages.Select(message => message.Text));
        Assert.Empty(bob.Gaps);
    }

    private static Task<TestRelay> StartAsync(RedisServer redis) => StartAsync(redis.Endpoint);

    private static async Task<TestRelay> StartAsync(string endpoints, int holdMilliseconds = HoldMilliseconds) => await TestRelay.StartAsync(
        await RedisFabric.ConnectAsync(
            new RedisFabricOptions { Endpoints = endpoints, CommandTimeoutMilliseconds = 500, ConnectTimeoutMilliseconds = 500 },
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken),
        edge: edge => edge.PublishHoldMilliseconds = holdMilliseconds);
}
