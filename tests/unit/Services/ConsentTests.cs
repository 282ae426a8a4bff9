using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Services;

/// <summary>What a user may who was asked which services may serve him: by commands, and by subscriptions of his inbox.</summary>
public sealed class ConsentTests : IDisposable
{
    private readonly EdgeBench _bench = new() { Capabilities = Capabilities.Rooms | Capabilities.Services };
    private readonly EdgeSession _session;
    private uint _number;

    public ConsentTests()
    {
        _bench.OwnSlots();
        _bench.Relay(Array.Empty<byte[]>());
        _session = _bench.SignIn("alice", Role.Member, "", "music");
    }

    [Theory]
    [Trait("Must", "R-CMD-16")]
    [InlineData("news", "latest", false)]
    [InlineData("news", "subscribe", false)]
    [InlineData("news", "unsubscribe", true)]
    [InlineData("news", "help", true)]
    [InlineData("news", "", true)]
    [InlineData("", "help", true)]
    [InlineData("music", "latest", true)]
    [InlineData("music", "subscribe", true)]
    public void Command_OnlyMusicIsAllowed_NewsIsRefusedWhereItWouldBeServing(string service, string verb, bool isTaken) =>
        Assert.Equal(isTaken ? null : ErrorCode.ConsentRequired, Say(FrameType.Command, Bodies.Command(service, verb, [])));

    [Fact]
    [Trait("Must", "R-CMD-16")]
    public void Command_SubscribesTheRoomItIsSaidIn_IsTakenAsTheControlIs()
    {
        _bench.Join(_session, "room");
        _bench.Core.Flush(_bench.Now);
        _bench.CompleteAll();
        _bench.Opened("room", 1, 0);
        Assert.Null(Say(FrameType.Command, Bodies.Command("news", "subscribe", ["headlines"], "room")));
        Assert.Equal(ErrorCode.ConsentRequired, Say(FrameType.Command, Bodies.Command("news", "latest", [], "room")));
    }

    [Fact]
    public void Control_OnlyMusicIsAllowed_TheInboxSubscribesToThatAndEndsAny()
    {
        Assert.Equal(ErrorCode.ConsentRequired, Control(RoomControl.Subscribe("news.headlines", [])));
        Assert.Null(Control(RoomControl.Subscribe("music.headlines", [])));
        Assert.Null(Control(RoomControl.Unsubscribe("news.headlines")));
    }

    public void Dispose() => _bench.Dispose();

    private ErrorCode? Control(RoomControl control)
    {
        byte[] payload = control.Encode();
        byte[] body = new byte[PublishBody.OverheadBytesMax + payload.Length + 20];
        var publish = new PublishBody { Channel = "inbox:alice"u8, ProducerId = 7, Number = ++_number, Kind = MessageKind.Control, Payload = payload };
        Assert.True(publish.TryEncode(body, out int bytes));
        return Say(FrameType.Publish, body[..bytes]);
    }

    // Why it is refused; null when it goes to the masters.
    private ErrorCode? Say(FrameType type, byte[] body)
    {
        _bench.Effects.Sent.Clear();
        _bench.Effects.Upstream.Clear();
        _bench.Core.Frames(_session, ClientFrames.Frame(type, FrameFlags.None, ++_number, body), _bench.Now);
        _bench.Core.Flush(_bench.Now);
        bool isTaken = _bench.Effects.Upstream.Count > 0;
        _bench.CompleteAll();
        Assert.Equal(isTaken, _bench.Effects.Sent.Count == 0);
        return isTaken ? null
            : ErrorBody.TryDecode(Assert.Single(_bench.Effects.Sent).Body, out ErrorBody error) == DecodeStatus.Ok ? error.Code
            : throw new InvalidOperationException("An ERROR cannot be read.");
    }
}
