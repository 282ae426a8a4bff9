using System.Net;
using RelayServer.Client;
using RelayServer.Edge;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>An operator bans a range of addresses: all who come from there are out, whatever they call themselves.</summary>
public sealed class LiveRoomAddressBanTests
{
    private const string Room = "fenced";
    private const uint ForGood = uint.MaxValue;
    private static readonly IPAddress Outside = IPAddress.Parse("127.0.7.9");

    [Fact]
    [Trait("Must", "R-BAN-3")]
    public async Task BanAddress_MembersOfTheRangeAtBothEdges_AreOutAndOthersStay()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WireClient ann = await ComeAsync(relay.A, "ann", Outside);
        await using WireClient ben = await ComeAsync(relay.B, "ben", Outside);
        await using RoomGuest carol = await RoomGuest.JoinAsync(relay.B, "carol", Room);
        await Task.WhenAll(ann.JoinAsync(Room), ben.JoinAsync(Room));

        AdminAnswer refused = await relay.EdgeA.ControlAsync(Room, RoomControl.BanAddress("127.0.7.0/40", ForGood), "root", TestContext.Current.CancellationToken);
        AdminAnswer done = await relay.EdgeA.ControlAsync(Room, RoomControl.BanAddress("127.0.7.0/24", ForGood), "root", TestContext.Current.CancellationToken);

        Assert.Equal((ErrorCode.BadArgument, true), (refused.Code, done.IsDone));
        foreach (WireClient client in new[] { ann, ben })
        {
            (_, byte[] body) = await client.ReceiveAsync(FrameType.Left);
            Assert.Equal(DecodeStatus.Ok, LeftBody.TryDecode(body, out LeftBody left));
            Assert.Equal(ErrorCode.Banned, left.Code);
        }

        await using WireClient other = await ComeAsync(relay.B, "other-name", Outside);
        await other.SendJoinAsync(Room);
        Assert.Equal(ErrorCode.Banned, (await other.ReceiveErrorAsync()).Code);

        // It is by the place, not by the name; and members are not told who was meant.
        await using RoomGuest home = await RoomGuest.JoinAsync(relay.A, "ann", Room);
        await home.PublishAsync(Room, "from home");
        await carol.HearAsync<RelayMessage>(message => message.Text == "from home");
        Assert.Equal("", Assert.Single(carol.Events.OfType<RelayRoomChange>()).Control.AddressRange);

        await relay.EdgeB.ControlAsync(Room, RoomControl.BanAddress("127.0.7.0/24", 0), "root", TestContext.Current.CancellationToken);
        await other.JoinAsync(Room);
    }

    private static async Task<WireClient> ComeAsync(IPEndPoint edge, string user, IPAddress from)
    {
        WireClient client = await WireClient.ConnectAsync(edge, from);
        await client.SendHelloAsync();
        await client.SendAuthAsync("user:" + user);
        await client.ReceiveAsync(FrameType.Welcome);
        return client;
    }
}
