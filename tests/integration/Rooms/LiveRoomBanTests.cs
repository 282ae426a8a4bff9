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
    public async Task Ban_OfAMemberAtTwoEdges_IsOutAtOnceAndNotInAgainAfterARestart(string store)
    {
        IRestartableRelay relay = await relays.OnAsync(store);
        await using RoomGuest host = await RoomGuest.ConnectAsync(relay, 0, "host");
        await host.ControlAsync(Room, RoomControl.Create("Strict"));
        await host.ControlAsync(Room, RoomControl.Start());
        await host.JoinAsync(Room);
        await using RoomGuest alice = await RoomGuest.JoinAsync(relay, 1, "alice", Room);
        WireClient[] bobs = await ConnectAsync(relay);
        await Task.WhenAll(bobs.Select(bob => JoinAsync(bob)));

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
            await JoinAsync(bob);
            await bob.DisposeAsync();
        }
    }

    private static Task<WireClient[]> ConnectAsync(IRestartableRelay relay) => Task.WhenAll(
        Enumerable.Range(0, 2).Select(edge => WireClient.SignInAsync(relay.Edge(edge), relay.Token(User, TokenRole.Member), All)));

    private static async Task JoinAsync(WireClient bob)
    {
        uint correlation = await bob.SendJoinAsync(Room);
        FrameHeader joined = await NextAsync(bob, FrameType.Joined);
        Assert.Equal(correlation, joined.Correlation);
    }

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
        foreach (QueryKind what in (QueryKind[])[QueryKind.Status, QueryKind.Members])
        {
            await bob.SendAsync(FrameType.Query, FrameFlags.None, 8, destination =>
            {
                new QueryBody { What = what, Channel = "strict"u8 }.TryEncode(destination, out int bytes);
                return bytes;
            });
            Assert.Equal((ErrorCode.Banned, 8U), await bob.ReceiveErrorAsync());
        }

        await bob.SendAsync(FrameType.Publish, FrameFlags.AckWanted, 9, destination =>
        {
            byte[] control = RoomControl.Create("mine").Encode();
            new PublishBody { Channel = "strict"u8, ProducerId = 1, Number = 1, Kind = MessageKind.Control, Payload = control }.TryEncode(destination, out int bytes);
            return bytes;
        });
        Assert.Equal((ErrorCode.Banned, 9U), await bob.ReceiveErrorAsync());

        // Who is in no room is told that first.
        await bob.SendPublishAsync(Room, 1, 2, "let me in");
        Assert.Equal(ErrorCode.NotJoined, (await bob.ReceiveErrorAsync()).Code);
        await bob.SendAsync(FrameType.React, FrameFlags.None, 10, destination =>
        {
            new ReactBody { Channel = "strict"u8, Reaction = 0, Count = 1 }.TryEncode(destination, out int bytes);
            return bytes;
        });
        Assert.Equal((ErrorCode.NotJoined, 10U), await bob.ReceiveErrorAsync());
    }

    private static async Task<FrameHeader> NextAsync(WireClient client, FrameType type)
    {
        (FrameHeader header, _) = await client.ReceiveAsync(type);
        return header;
    }
}
