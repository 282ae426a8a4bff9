using RelayServer.Client;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>What silences somebody does so at its place in the log: nothing of theirs is behind it, though they never stopped talking.</summary>
public sealed class LiveRoomPlaceTests
{
    private const string Room = "cut";
    private const string User = "bob";
    private const int UnderWay = 16;
    private const int Before = 200;

    public static TheoryData<string> Silences => ["ban", "kick", "mute", "freeze"];

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task Control_WhileTheUserTalks_NothingOfThemIsBehindIt(string silence)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using RoomGuest alice = await RoomGuest.JoinAsync(relay.A, "alice", Room);
        await using RoomGuest bob = await RoomGuest.JoinAsync(relay.B, User, Room);

        using var said = new SemaphoreSlim(0);
        Task<List<Position>>[] talk = [.. Enumerable.Range(0, UnderWay).Select(_ => TalkAsync(bob, said))];
        for (int i = 0; i < Before; i++)
        {
            await said.WaitAsync(TestContext.Current.CancellationToken);
        }

        Position place = (await relay.EdgeA.ControlAsync(Room, Control(silence), "root", TestContext.Current.CancellationToken)).Position!.Value;
        Position[] acked = [.. (await Task.WhenAll(talk)).SelectMany(positions => positions).OrderBy(position => position.Seq)];
        await relay.EdgeA.ControlAsync(Room, RoomControl.Notice("the end"), "root", TestContext.Current.CancellationToken);

        await alice.HearAsync<RelayRoomChange>(change => change.Control.Verb == ControlVerb.Notice);
        Position[] heard = [.. alice.Events.OfType<RelayMessage>().Where(message => message.From == User).Select(message => message.Position)];
        TestContext.Current.TestOutputHelper?.WriteLine($"{acked.Length} messages before {silence}");
        Assert.Equal(acked, heard);
        Assert.All(heard, position => Assert.True(position.Seq < place.Seq, $"{position} is behind {place}"));
        Assert.Equal((ulong)heard.Length + 1, place.Seq);
    }

    private static RoomControl Control(string silence) => silence switch
    {
        "ban" => RoomControl.Ban(User, 60),
        "kick" => RoomControl.Kick(User),
        "mute" => RoomControl.Mute(User, 60),
        _ => RoomControl.Set(RoomSetting.Frozen, 1),
    };

    // One after the other until it is refused.
    private static async Task<List<Position>> TalkAsync(RoomGuest bob, SemaphoreSlim said)
    {
        var acked = new List<Position>();
        try
        {
            while (true)
            {
                acked.Add(await bob.PublishAsync(Room, "and so on"));
                said.Release();
            }
        }
        catch (RelayException refused) when (refused.Code.Family() == ErrorFamily.Final)
        {
            return acked;
        }
    }
}
