using System.Diagnostics;
using RelayServer.Client;
using RelayServer.IntegrationTests.Processes;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>What members at three edges are told of how many they are, and how soon.</summary>
public sealed class LiveRoomCountsTests
{
    private const string Room = "counted";
    private const int GuestsPerEdge = 8;
    private const int ComingsAndGoings = 100;
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PromisedAfterADeath = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Must", "R-COUNT-1")]
    [Trait("Must", "R-COUNT-2")]
    public async Task Counts_MembersComeGoAndAreSplitAndAnEdgeIsKilled_AreRightInTime()
    {
        await using ThreeEdges relay = await ThreeEdges.StartAsync();
        var guests = new List<RoomGuest>[ThreeEdges.Names.Length];
        try
        {
            var clock = new Stopwatch();
            for (int edge = 0; edge < guests.Length; edge++)
            {
                guests[edge] = await ConnectAsync(relay, edge, GuestsPerEdge + edge);
            }

            await guests[0][0].ControlAsync(Room, RoomControl.Create("Counted"));
            await Task.WhenAll(guests.SelectMany(all => all).SkipLast(1).Select(guest => guest.JoinAsync(Room)));
            clock.Restart();
            await guests[^1][^1].JoinAsync(Room);
            await CheckAsync("the last join", guests, [27], clock, Promised);

            clock.Restart();
            await guests[0][0].ControlAsync(Room, RoomControl.SplitByEdges());
            await CheckAsync("a split by edges", guests, [8, 9, 10], clock, Promised);

            guests[2].AddRange(await ConnectAsync(relay, 2, 1));
            await ComeAndGoAsync([.. guests.Select(all => all[0])], guests[2][^1], clock);
            await CheckAsync("much coming and going", guests, [8, 9, 11], clock, Promised);

            RoomGuest[] leaving = [guests[0][^1], guests[1][^1], guests[1][^2]];
            guests[0].RemoveRange(guests[0].Count - 1, 1);
            guests[1].RemoveRange(guests[1].Count - 2, 2);
            clock.Restart();
            await Task.WhenAll(leaving.Select(guest => guest.DisposeAsync().AsTask()));
            await CheckAsync("the last leave", guests, [7, 7, 11], clock, Promised);

            clock.Restart();
            await relay.KillEdgeAsync(1);
            await CheckAsync("the death of an edge", [guests[0], guests[2]], [7, 0, 11], clock, PromisedAfterADeath);

            clock.Restart();
            await guests[0][0].ControlAsync(Room, RoomControl.Merge());
            await CheckAsync("a merge", [guests[0], guests[2]], [18], clock, Promised);

            await relay.ReplaceMasterAsync();
            await guests[2][0].LeaveAsync();
            guests[2].RemoveAt(0);
            clock.Restart();
            await CheckAsync("a leave that the next master heard of first, its start included", [guests[0], guests[2]], [17], clock, Patience);
        }
        finally
        {
            await Task.WhenAll(guests.Where(all => all is not null).SelectMany(all => all).Select(guest => guest.DisposeAsync().AsTask()));
        }
    }

    private static async Task<List<RoomGuest>> ConnectAsync(ThreeEdges relay, int edge, int guests) =>
        [.. await Task.WhenAll(Enumerable.Range(0, guests).Select(guest => RoomGuest.ConnectAsync(relay, edge, $"guest-{edge}-{guest}")))];

    // So that the last to come meets edges and a master that have just told of others.
    private static async Task ComeAndGoAsync(RoomGuest[] guests, RoomGuest last, Stopwatch clock)
    {
        for (int i = 0; i < ComingsAndGoings; i++)
        {
            await Task.WhenAll(guests.Select(guest => guest.LeaveAsync()));
            await Task.WhenAll(guests.Select(guest => guest.JoinAsync(Room)));
        }

        clock.Restart();
        await last.JoinAsync(Room);
    }

    // Partitions of a split by edges are in the order of the edges' names or of their coming: only the numbers matter.
    private static async Task CheckAsync(string what, List<RoomGuest>[] guests, uint[] partitions, Stopwatch since, TimeSpan promised)
    {
        uint total = (uint)partitions.Sum(members => members);
        uint[] expected = [.. partitions.Order()];
        await Task.WhenAll(guests.SelectMany(all => all).Select(guest => guest.HearAtLastAsync<RelayCounts>(
            counts => counts.Total == total && counts.Partitions.Order().SequenceEqual(expected), Patience)));
        TimeSpan took = since.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine($"right {took.TotalMilliseconds:0} ms after {what}");
        Assert.True(took < promised, $"counts were right {took} after {what}");
    }
}
