using RelayServer.Client;
using RelayServer.IntegrationTests.Processes;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>A deleted message is in no history and no resume any more, at no edge, before and after a restart and a split.</summary>
[Collection(RestartCollection.Name)]
public sealed class LiveRoomDeletionTests(RestartableRelays relays)
{
    private const string Room = "cleaned";

    [Theory]
    [InlineData(RestartableRelays.Redis)]
    [InlineData(RestartableRelays.Embedded)]
    public async Task Delete_OfAMessageThatIsRead_HistoryAndResumeHaveATombstoneEverywhere(string store)
    {
        IRestartableRelay relay = await relays.OnAsync(store);
        await using RoomGuest host = await RoomGuest.ConnectAsync(relay, 0, "host");
        await host.ControlAsync(Room, RoomControl.Create("Cleaned"));
        await host.ControlAsync(Room, RoomControl.Start());
        await using RoomGuest alice = await RoomGuest.JoinAsync(relay, 0, "alice", Room);
        await using RoomGuest bob = await RoomGuest.JoinAsync(relay, 1, "bob", Room);
        Position first = await alice.PublishAsync(Room, "good 1");
        await alice.PublishAsync(Room, "bad");
        Position last = await alice.PublishAsync(Room, "good 2");
        RelayMessage bad = await bob.HearAsync<RelayMessage>(message => message.Text == "bad");
        await bob.HearAsync<RelayMessage>(message => message.Position == last);

        await host.ControlAsync(Room, RoomControl.Delete("alice", bad.ProducerId, bad.Number));

        RelayRoomChange told = await bob.HearAsync<RelayRoomChange>(change => change.Control.Verb == ControlVerb.Delete);
        Assert.Equal(("alice", bad.ProducerId, bad.Number), (told.Control.User, told.Control.ProducerId, told.Control.Number));
        await CheckAsync(relay, first, bad);

        await relay.RestartAsync();
        await CheckAsync(relay, first, bad);

        // In a generation that is over, too.
        await host.ControlAsync(Room, RoomControl.SplitByEdges());
        await CheckAsync(relay, first, bad);
    }

    private static async Task CheckAsync(IRestartableRelay relay, Position first, RelayMessage bad)
    {
        for (int edge = 0; edge < 2; edge++)
        {
            await CheckAsync(relay, edge, JoinFrom.Beginning, ["good 1", "", "good 2"], bad);
            await CheckAsync(relay, edge, JoinFrom.Last(20), ["good 1", "", "good 2"], bad);
            await CheckAsync(relay, edge, JoinFrom.After(first), ["", "good 2"], bad);
        }
    }

    private static async Task CheckAsync(IRestartableRelay relay, int edge, JoinFrom from, string[] expected, RelayMessage bad)
    {
        await using RoomGuest late = await RoomGuest.JoinAsync(relay, edge, $"late-{edge}", Room, from);
        await late.HistoryReadAsync();
        RelayEntry[] entries = [.. late.Events.OfType<RelayEntry>().Where(entry => entry is RelayMessage or RelayDeletion)];
        Assert.Equal(expected, entries.Select(entry => (entry as RelayMessage)?.Text ?? ""));
        RelayEntry tombstone = entries.Single(entry => entry is RelayDeletion);
        Assert.Equal((bad.Position, bad.From, bad.ProducerId, bad.Number), (tombstone.Position, tombstone.From, tombstone.ProducerId, tombstone.Number));
        Assert.Empty(late.Events.OfType<RelayGap>());
    }
}
