using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Relay;

/// <summary>A store whose messages, three in each room, are older than the retention: nobody sees them, and they leave it.</summary>
public sealed class RetentionTests(LimitedRedis redis) : IClassFixture<LimitedRedis>
{
    private const string Room = "lobby";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Must", "R-VOID-3")]
    public async Task Join_Embedded_NothingOldIsShownOrStoredAndSeqGoesOn()
    {
        using var folder = new TemporaryFolder();
        await CheckJoinAsync(await OpenEmbeddedAsync(folder));
    }

    [Fact]
    [Trait("Must", "R-VOID-3")]
    public async Task Join_Redis_NothingOldIsShownOrStoredAndSeqGoesOn() => await CheckJoinAsync(await OpenRedisAsync());

    [Fact]
    public async Task Sweep_Embedded_RoomsThatNobodyOpensAreExpired()
    {
        using var folder = new TemporaryFolder();
        await CheckSweepAsync(await OpenEmbeddedAsync(folder));
    }

    [Fact]
    public async Task Sweep_Redis_RoomsThatNobodyOpensAreExpired() => await CheckSweepAsync(await OpenRedisAsync());

    private static async Task CheckJoinAsync(IFabric fabric)
    {
        ulong epoch = await WriteAsync(fabric, new LogKey(Room, 0, 0));
        await using TestRelay relay = await TestRelay.StartAsync(fabric, master: master => master.SweepLogsPerSecond = 0);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", Room, 1, JoinStart.Resume, Position.Start);
        await alice.HasMessagesAsync(1);
        Assert.Equal([(4UL, "")], alice.Messages.Select(message => (message.At.Seq, message.Text)));
        Assert.Equal((ulong[])[4], await SeqsAsync(fabric, Room));

        await using RoomMember bob = await RoomMember.JoinAsync(relay.B, "bob", Room, 2, JoinStart.Resume, new Position(0, 0, epoch, 2));
        await bob.HasMessagesAsync(1);
        Assert.Equal([(3UL, GapReason.Trimmed)], bob.Gaps.Select(gap => (gap.Until.Seq, gap.Reason)));
        Assert.Equal(5UL, await bob.PublishAsync(1, "new"));
        await alice.HasMessagesAsync(2);
        await bob.HasMessagesAsync(2);
        Assert.Equal(alice.Messages, bob.Messages);
        Assert.Equal((ulong[])[4, 5], await SeqsAsync(fabric, Room));
    }

    private static async Task CheckSweepAsync(IFabric fabric)
    {
        string[] rooms = [.. Enumerable.Range(0, 50).Select(i => $"room{i}")];
        await WriteAsync(fabric, [.. rooms.Select(room => new LogKey(room, 0, 0))]);
        await using TestRelay relay = await TestRelay.StartAsync(fabric, master: master => master.SweepLogsPerSecond = 40);
        foreach (string room in rooms)
        {
            ulong[] seqs = [];
            await Eventually.TrueAsync(
                async () => (seqs = await SeqsAsync(fabric, room)) is [4],
                Patience,
                () => $"{room} holds {string.Join(' ', seqs)}");
        }

        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", rooms[0], 1);
        Assert.Equal(5UL, await alice.PublishAsync(1, "new"));
    }

    // The bodies are those of a day in 2023.
    private static async Task<ulong> WriteAsync(IFabric fabric, params LogKey[] logs)
    {
        ulong epoch = (await fabric.ClaimSlotsAsync("before", 0, Cancel))[0].Epoch;
        FabricFlush flush = Flush("before", epoch, [.. logs.SelectMany(log => (ulong[])[1, 2, 3], (log, seq) => Append(log, epoch, seq))]);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        return epoch;
    }

    private static async Task<ulong[]> SeqsAsync(IFabric fabric, string room) =>
        [.. (await fabric.ReadFromAsync(new LogKey(room, 0, 0), 0, 0, int.MaxValue, Cancel)).Entries.Select(entry => entry.LastSeq)];

    private static async Task<IFabric> OpenEmbeddedAsync(TemporaryFolder folder) => await EmbeddedFabric.OpenAsync(
        new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, Cancel);

    private Task<IFabric> OpenRedisAsync() => new RedisHost(redis).OpenAsync();
}
