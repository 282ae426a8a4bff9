using System.Globalization;
using RelayServer.Client;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>Somebody floods a room that delivers only so much: the others are heard, and every hole is told.</summary>
public sealed class LiveRoomDeliveryCapTests
{
    private const string Room = "flooded";
    private const int PerSecond = 10;
    private const int SlowMessages = 5;
    private const int LateMessages = 200;

    [Fact]
    public async Task Publish_AFloodAboveTheCap_OthersAreHeardAndHolesAreTold()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await ControlAsync(relay, RoomControl.Set(RoomSetting.DeliveryCapPerSecond, PerSecond));
        await using RoomGuest flood = await RoomGuest.JoinAsync(relay.A, "flood", Room);
        await using RoomGuest slow = await RoomGuest.JoinAsync(relay.B, "slow", Room);
        await using RoomGuest reader = await RoomGuest.JoinAsync(relay.B, "reader", Room);

        using var end = new CancellationTokenSource();
        Task<List<Position>> flooding = FloodAsync(flood, end.Token);
        List<Position> said = await SpeakAsync(slow);
        await using RoomGuest late = await RoomGuest.JoinAsync(relay.B, "late", Room, JoinFrom.Last(LateMessages));
        await late.HearAsync<RelayGap>(_ => true);
        await end.CancelAsync();
        List<Position> flooded = await flooding;
        await ControlAsync(relay, RoomControl.Notice("the end"));
        RoomGuest[] guests = [flood, slow, reader, late];
        await Task.WhenAll(guests.Select(guest => guest.HearAsync<RelayRoomChange>(change => change.Control.Text == "the end")));

        RelayMessage[] delivered = [.. reader.Events.OfType<RelayMessage>()];
        Assert.All(guests, CheckHoles);
        Assert.All(guests[..3], guest => Assert.Equal(delivered.Select(message => message.Position), guest.Events.OfType<RelayMessage>().Select(message => message.Position)));
        Assert.Equal(said, delivered.Where(message => message.From == "slow").Select(message => message.Position));
        double seconds = (delivered[^1].At - delivered[0].At).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{flooded.Count} messages of a flood in {seconds:0.0} s, {delivered.Length - said.Count} of them delivered");
        Assert.InRange(delivered.Length, SlowMessages, PerSecond * (seconds + 1));
        Assert.True(flooded.Count > 2 * delivered.Length, "that was no flood");

        // All of it is in the log, and so in history, and in a resume from anywhere before or within a gap.
        RelayGap gap = reader.Events.OfType<RelayGap>().MaxBy(gap => gap.MessageCount)!;
        Position[] all = [.. flooded.Concat(said).OrderBy(at => at.Seq)];
        await CheckResumeAsync(relay, reader.From, all);
        await CheckResumeAsync(relay, gap.After, all);
        await CheckResumeAsync(relay, gap.After with { Seq = gap.After.Seq + 1 }, all);
        await CheckResumeAsync(relay, gap.Until, all);
    }

    private static async Task ControlAsync(TestRelay relay, RoomControl control) =>
        Assert.True((await relay.EdgeA.ControlAsync(Room, control, "root", TestContext.Current.CancellationToken)).IsDone);

    private static async Task<List<Position>> FloodAsync(RoomGuest flood, CancellationToken end)
    {
        var acked = new List<Position>();
        while (!end.IsCancellationRequested)
        {
            acked.Add(await flood.PublishAsync(Room, string.Create(CultureInfo.InvariantCulture, $"flood {acked.Count}")));
        }

        return acked;
    }

    // Each second one, when the flood has spoken in it already.
    private static async Task<List<Position>> SpeakAsync(RoomGuest slow)
    {
        var acked = new List<Position>();
        DateTimeOffset last = default;
        for (int i = 0; i < SlowMessages; i++)
        {
            await slow.HearAsync<RelayMessage>(message => message.From == "flood" && Second(message.At) > Second(last));
            Position at = await slow.PublishAsync(Room, string.Create(CultureInfo.InvariantCulture, $"slow {i}"));
            acked.Add(at);
            last = (await slow.HearAsync<RelayMessage>(message => message.Position == at)).At;
        }

        return acked;
    }

    private static long Second(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private static void CheckHoles(RoomGuest guest)
    {
        Position have = guest.From;
        foreach (RelayEvent next in guest.Events)
        {
            if (next is RelayEntry { Position: var at })
            {
                Assert.True(at.Seq == have.Seq + 1, $"{at} after {have}");
                have = at;
            }
            else if (next is RelayGap gap)
            {
                Assert.Equal((GapReason.Skipped, have.Seq), (gap.Reason, gap.After.Seq));
                have = gap.Until;
            }
        }
    }

    private static async Task CheckResumeAsync(TestRelay relay, Position after, Position[] all)
    {
        await using RoomGuest late = await RoomGuest.JoinAsync(relay.A, "late", Room, JoinFrom.After(after));
        await late.HistoryReadAsync();
        Assert.Equal(all.Where(at => at.Seq > after.Seq), late.Events.OfType<RelayMessage>().Select(message => message.Position));
        Assert.Empty(late.Events.OfType<RelayGap>());
    }
}
