using System.Text;
using RelayServer.Client;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Processes;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>A banned user is out of the room at every edge at once, and stays out of it whatever is restarted.</summary>
[Collection(RestartCollection.Name)]
public sealed class LiveRoomBanTests(RestartableRelays relays)
{
    private const string Room = "strict";
    private const string User = "bob";
    private const uint ForGood = uint.MaxValue;
    private const Capabilities All = Capabilities.Rooms | Capabilities.Ephemeral;

    [Theory]
    [InlineData(RestartableRelays.Redis)]
    [InlineData(RestartableRelays.Embedded)]
    [Trait("Must", "R-BAN-1")]
    [Trait("Must", "R-BAN-2")]
    public async Task Ban_OfAMemberAtTwoEdges_IsOutAtOnceAndNotInAgainAfterARestart(string store)
    {
        IRestartableRelay relay = await relays.OnAsync(store);
        await using RoomGuest host = await RoomGuest.ConnectAsync(relay, 0, "host");
        await host.ControlAsync(Room, RoomControl.Create("Strict"));
        await host.ControlAsync(Room, RoomControl.Start());
        await host.JoinAsync(Room);
        await using RoomGuest alice = await RoomGuest.JoinAsync(relay, 1, "alice", Room);
        WireClient[] bobs = await ConnectAsync(relay);
        await Task.WhenAll(bobs.Select(bob => bob.JoinAsync(Room)));

        await host.ControlAsync(Room, RoomControl.Ban(User, ForGood, "spam"));
        await alice.PublishAsync(Room, "without bob");
        await Task.WhenAll(new[] { host, alice }.Select(witness => witness.HearAsync<RelayMessage>(message => message.Text == "without bob")));
        foreach (WireClient bob in bobs)
        {
            await PutOutAsync(bob);
            await RefusedAsync(bob);
            await bob.DisposeAsync();
        }

        await relay.RestartAsync();

        foreach (WireClient bob in await ConnectAsync(relay))
        {
            await RefusedAsync(bob);
            await bob.DisposeAsync();
        }

        await host.ControlAsync(Room, RoomControl.Ban(User, 0));
        foreach (WireClient bob in await ConnectAsync(relay))
        {
            await bob.JoinAsync(Room);
            await bob.DisposeAsync();
        }
    }

    private static Task<WireClient[]> ConnectAsync(IRestartableRelay relay) => Task.WhenAll(
        Enumerable.Range(0, 2).Select(edge => WireClient.SignInAsync(relay.Edge(edge), relay.Token(User, TokenRole.Member), All)));

    // What the room said before may still come; nothing of it after.
    private static async Task PutOutAsync(WireClient bob)
    {
        FrameHeader header;
        byte[] body;
        do
        {
            (header, body) = await bob.ReceiveAsync();
            Assert.Contains(header.Type, (FrameType[])[FrameType.Left, FrameType.Deliver, FrameType.Room, FrameType.Counts]);
        }
        while (header.Type != FrameType.Left);
        Assert.Equal(DecodeStatus.Ok, LeftBody.TryDecode(body, out LeftBody left));
        Assert.Equal((ErrorCode.Banned, 0U), (left.Code, header.Correlation));
        await bob.SendAsync(FrameType.Ping, FrameFlags.None, 7, _ => 0);
        await bob.ReceiveAsync(FrameType.Pong);
    }

    private static async Task RefusedAsync(WireClient bob)
    {
        await bob.SendJoinAsync(Room);
        Assert.Equal(ErrorCode.Banned, (await bob.ReceiveErrorAsync()).Code);
        foreach (QueryKind what in (QueryKind[])[QueryKind.Status, QueryKind.Members, QueryKind.Restrictions])
        {
            await bob.SendAsync(FrameType.Query, FrameFlags.None, 8, destination =>
            {
                new QueryBody { What = what, Channel = Encoding.UTF8.GetBytes(Room) }.TryEncode(destination, out int bytes);
                return bytes;
            });
            Assert.Equal((ErrorCode.Banned, 8U), await bob.ReceiveErrorAsync());
        }

        await bob.SendControlAsync(Room, 1, 1, RoomControl.Create("mine"));
        Assert.Equal(ErrorCode.Banned, (await bob.ReceiveErrorAsync()).Code);

        // An edge without members of the room knows nothing of the ban, and says that he is none.
        ErrorCode[] either = [ErrorCode.Banned, ErrorCode.NotJoined];
        await bob.SendPublishAsync(Room, 1, 2, "let me in");
        Assert.Contains((await bob.ReceiveErrorAsync()).Code, either);
        await bob.SendAsync(FrameType.React, FrameFlags.None, 10, destination =>
        {
            new ReactBody { Channel = Encoding.UTF8.GetBytes(Room), Reaction = 0, Count = 1 }.TryEncode(destination, out int bytes);
            return bytes;
        });
        (ErrorCode code, uint correlation) = await bob.ReceiveErrorAsync();
        Assert.Contains(code, either);
        Assert.Equal(10U, correlation);
    }
}
