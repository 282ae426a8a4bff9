using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Master;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Master;

/// <summary>Masters that replace each other under members and publishers who stay connected.</summary>
public sealed class TakeoverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NewMaster_WhilePublishing_NothingAckedIsLostOrDoubled(bool oldIsStoppedFirst)
    {
        const int Takeovers = 4;
        const int MessagesEach = 150;
        using var folder = new TemporaryFolder();
        IFabric fabric = await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        await using TestRelay relay = await TestRelay.StartAsync(fabric, edge: edge => edge.ResendMilliseconds = 200);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        await using RoomMember bob = await RoomMember.JoinAsync(relay.B, "bob", "lobby", 2);

        var masters = new List<MasterServer> { relay.Master };
        ulong number = 0;
        for (int takeover = 0; takeover < Takeovers; takeover++)
        {
            Task<MasterServer> taking = TakeOverAsync(fabric, masters[^1], oldIsStoppedFirst);
            for (int i = 0; i < MessagesEach || !taking.IsCompleted; i++)
            {
                Assert.Equal(++number, await alice.PublishAsync(number, number.ToString(CultureInfo.InvariantCulture)));
            }

            masters.Add(await taking);
        }

        await bob.HasMessagesAsync((int)number);
        await alice.HasMessagesAsync((int)number);
        Assert.Equal(Enumerable.Range(1, (int)number).Select(line => line.ToString(CultureInfo.InvariantCulture)), bob.Messages.Select(message => message.Text));
        Assert.Equal(alice.Messages, bob.Messages);
        Assert.Empty(bob.Gaps);
        foreach (MasterServer old in masters.Skip(1))
        {
            await old.DisposeAsync();
        }
    }

    [Fact]
    public async Task NewMaster_OldOneIsStillAsked_TellsNothingAndEnds()
    {
        using var folder = new TemporaryFolder();
        EmbeddedFabric fabric = await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        await using TestRelay relay = await TestRelay.StartAsync(fabric);
        string oldId = (await fabric.ReadSlotsAsync(Cancel))[0].MasterId;
        await using var stale = await StaleEdge.OpenAsync(fabric, oldId);
        await using var other = new MasterServer(new MasterOptions { Name = "other" }, fabric, TimeProvider.System, NullLoggerFactory.Instance);
        await other.StartAsync(Cancel);
        await Eventually.TrueAsync(() => other.NotReadyReason is null, TimeSpan.FromSeconds(20), () => $"not ready: {other.NotReadyReason}");

        await stale.SendInterestAsync("lobby");

        await Assert.ThrowsAsync<InvalidOperationException>(() => relay.Master.Completion.WaitAsync(TimeSpan.FromSeconds(20), Cancel));
        Assert.NotNull(relay.Master.NotReadyReason);
        Assert.False(await stale.WasToldAnythingAsync(), "a fenced master told an edge something");
    }

    [Fact]
    [Trait("Must", "R-ACK-4")]
    public async Task Publish_NumberThatRetentionRemoved_RefusedWithNumberExpired()
    {
        await using TestRelay relay = await TestRelay.StartAsync(master: master => master.RetentionMessages = 5);
        await using RoomMember alice = await RoomMember.JoinAsync(relay.A, "alice", "lobby", 1);
        for (ulong number = 1; number <= 20; number++)
        {
            Assert.Equal(number, await alice.PublishAsync(number, "line"));
        }

        await using RoomMember again = await RoomMember.JoinAsync(relay.B, "alice", "lobby", 1);
        Assert.Equal(0UL, await again.PublishAsync(2, "line"));
        Assert.Equal(ErrorCode.NumberExpired, again.ErrorOf(2));
        Assert.Equal(20UL, await again.PublishAsync(20, "line"));
        Assert.Equal(21UL, await again.PublishAsync(21, "line"));
    }

    private static async Task<MasterServer> TakeOverAsync(IFabric fabric, MasterServer old, bool oldIsStoppedFirst)
    {
        if (oldIsStoppedFirst)
        {
            await old.StopAsync(Cancel);
        }

        var master = new MasterServer(new MasterOptions(), fabric, TimeProvider.System, NullLoggerFactory.Instance);
        await master.StartAsync(Cancel);
        await Eventually.TrueAsync(() => master.NotReadyReason is null, TimeSpan.FromSeconds(20), () => $"not ready: {master.NotReadyReason}");
        return master;
    }
}
