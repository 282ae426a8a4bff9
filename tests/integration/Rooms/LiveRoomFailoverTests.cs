using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>
/// Splits and merges are asked for while Redis goes away, under members who talk: each is done once, however often it is
/// asked for again, and nothing is lost, doubled or heard in the wrong partition.
/// </summary>
public sealed class LiveRoomFailoverTests
{
    private const string Room = "shaken";
    private const string Owner = "owner";
    private const ulong Producer = 77;
    private const int Members = 6;
    private const int MessagesEach = 50;
    private const int PatienceMilliseconds = 90_000;
    private static readonly string[] EdgeNames = ["edge-a", "edge-b"];

    private static readonly RoomControl[] Switches =
        [RoomControl.SplitIntoGroups(2), RoomControl.Merge(), RoomControl.SplitByEdges(), RoomControl.Merge()];

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Switch_RedisIsKilledMeanwhileAndComesBack_IsDoneOnceAndNothingIsLost()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using TestRelay relay = await StartAsync(redis.Endpoint);
        await using WireClient owner = await CreateAsync(relay);
        await using var guests = await TalkingGuests.JoinAsync(Room, EdgeNames, [relay.A, relay.B], Members);
        for (int i = 0; i < Switches.Length; i++)
        {
            Task talk = guests.TalkAsync(MessagesEach);
            Position at = i % 2 == 0 ? await KillUnderWayAsync(owner, i, redis) : await KillBeforeAsync(owner, i, redis);
            Assert.Equal((ulong)i, at.Generation);
            Assert.Equal(at, await AskAgainAsync(relay, i));
            await talk;
        }

        await guests.JudgeAsync(redis.Endpoint, (ulong)Switches.Length);
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Switch_ReplicaIsPromotedMeanwhile_IsDoneOnceAndNothingIsLost()
    {
        await using RedisServer primary = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        await using RedisServer replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        await using TestRelay relay = await StartAsync($"{primary.Endpoint},{replica.Endpoint}");
        await using WireClient owner = await CreateAsync(relay);
        await using var guests = await TalkingGuests.JoinAsync(Room, EdgeNames, [relay.A, relay.B], Members);
        await guests.TalkAsync(MessagesEach);

        // What a replica has not heard of when its primary dies is lost, whoever splits.
        Assert.Equal("1", await primary.CommandAsync("WAIT", "1", "10000"));
        await primary.KillAsync();
        Task talk = guests.TalkAsync(MessagesEach);
        Assert.Null(await AskAsync(owner, 0));
        Assert.Equal("OK", await replica.CommandAsync("REPLICAOF", "NO", "ONE"));
        Position at = await AskUntilDoneAsync(owner, 0);
        await talk;

        Assert.Equal(at, await AskAgainAsync(relay, 0));
        await guests.JudgeAsync(replica.Endpoint, lastGeneration: 1);
    }

    // Redis dies when it may have the switch, or not.
    private static async Task<Position> KillUnderWayAsync(WireClient owner, int number, RedisServer redis)
    {
        Task<Position> asking = AskUntilDoneAsync(owner, number);
        await redis.KillAsync();
        await redis.StartAgainAsync();
        return await asking;
    }

    // It is refused, and asked for again.
    private static async Task<Position> KillBeforeAsync(WireClient owner, int number, RedisServer redis)
    {
        await redis.KillAsync();
        Assert.Null(await AskAsync(owner, number));
        Task<Position> asking = AskUntilDoneAsync(owner, number);
        await redis.StartAgainAsync();
        return await asking;
    }

    private static async Task<Position> AskAgainAsync(TestRelay relay, int number)
    {
        await using WireClient owner = await SignInAsync(relay);
        return await AskUntilDoneAsync(owner, number);
    }

    private static async Task<Position> AskUntilDoneAsync(WireClient owner, int number)
    {
        while (true)
        {
            if (await AskAsync(owner, number) is { } at)
            {
                return at;
            }
        }
    }

    // Where it is done; null when that is refused for now, which takes its time.
    private static async Task<Position?> AskAsync(WireClient owner, int number)
    {
        await owner.SendControlAsync(Room, Producer, (ulong)number, Switches[number]);
        return await AnswerAsync(owner, (ulong)number);
    }

    // What was refused for now may be acked all the same, later.
    private static async Task<Position?> AnswerAsync(WireClient owner, ulong number)
    {
        while (true)
        {
            (FrameHeader header, byte[] body) = await owner.ReceiveAsync();
            if (header.Type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                Assert.Equal(ErrorFamily.Retry, error.Code.Family());
                if (error.Number == number)
                {
                    return null;
                }

                continue;
            }

            Assert.Equal(FrameType.PubAck, header.Type);
            Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(body, out PubAckBody ack));
            foreach ((ulong acked, ulong seq) in ack)
            {
                if (acked == number)
                {
                    return ack.Log with { Seq = seq };
                }
            }
        }
    }

    private static async Task<WireClient> CreateAsync(TestRelay relay)
    {
        WireClient owner = await SignInAsync(relay);
        foreach ((RoomControl control, ulong number) in new[] { (RoomControl.Create("Shaken"), 1001UL), (RoomControl.Start(), 1002UL) })
        {
            await owner.SendControlAsync(Room, Producer + 1, number, control);
            Assert.NotNull(await AnswerAsync(owner, number));
        }

        return owner;
    }

    private static Task<WireClient> SignInAsync(TestRelay relay) => WireClient.SignInAsync(relay.B, $"user:{Owner}", Capabilities.Rooms);

    private static async Task<TestRelay> StartAsync(string endpoints) => await TestRelay.StartAsync(
        await RedisFabric.ConnectAsync(
            new RedisFabricOptions { Endpoints = endpoints, CommandTimeoutMilliseconds = 500, ConnectTimeoutMilliseconds = 500 },
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken),
        edge: edge => edge.PublishHoldMilliseconds = 1000);
}
