using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Services;

/// <summary>Where something may be said at all, and how much of it by a service.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly ServiceBench _bench = new();
    private ulong _number;

    [Theory]
    [InlineData("inbox:alice", FrameFlags.None)]
    [InlineData("inbox:alice", FrameFlags.AckWanted)]
    [InlineData("inbox:alice", FrameFlags.Ephemeral)]
    [InlineData("topic:news.headlines", FrameFlags.None)]
    [InlineData("topic:news.headlines", FrameFlags.Ephemeral)]
    [Trait("Must", "R-SVC-9")]
    public void Publish_SpeechInAnInboxOrATopic_IsForbidden(string channel, FrameFlags flags)
    {
        _bench.Users.Publish(channel, 1, flags: flags, role: Role.Operator);
        _bench.Settle();
        Assert.Equal([ErrorCode.Forbidden], _bench.Told.SelectMany(relay => relay.Errors).Select(error => error.Code));
        Assert.Empty(_bench.Messages(channel));
    }

    [Fact]
    [Trait("Must", "R-SVC-9")]
    public void Publish_SpeechByWhoHasNotJoined_IsNotJoined()
    {
        using EdgeBench edge = Edge();
        EdgeSession session = edge.SignIn();
        foreach (string channel in new[] { "inbox:alice", "topic:news.headlines" })
        {
            edge.Effects.Sent.Clear();
            Publish(edge, session, channel, MessageKind.Text, "hello"u8);
            Assert.Equal(ErrorCode.NotJoined, Assert.Single(Errors(edge)));
        }
    }

    [Fact]
    public void Update_MoreThanASecondsWorth_IsRateLimitedAndOthersAreNot()
    {
        using EdgeBench edge = Edge(options => options.PublishesPerSecondMax = 20);
        EdgeSession flooding = edge.SignIn("bot", Role.Service, "news");
        byte[] update = Bodies.Update("news.headlines", []);
        for (int i = 0; i < 500 && Errors(edge).Count == 0; i++)
        {
            Publish(edge, flooding, "topic:news.headlines", MessageKind.Update, update, FrameFlags.None);
        }

        Assert.Equal([ErrorCode.RateLimited], Errors(edge));
        edge.Effects.Sent.Clear();
        Publish(edge, edge.SignIn("other-bot", Role.Service, "music"), "topic:music.headlines", MessageKind.Update, update, FrameFlags.None);
        Assert.Empty(Errors(edge));
    }

    [Fact]
    [Trait("Must", "R-UPD-3")]
    public void Update_SubjectTwiceOrOfAnotherForm_IsBadArgument()
    {
        foreach (string[] subjects in new string[][] { ["a", "a"], [""], ["bell\a"], ["ko\u0308ln"] })
        {
            Assert.Equal(ErrorCode.BadArgument, Update("topic:news.alerts", Bodies.Update("news.alerts", subjects)));
        }
    }

    [Fact]
    [Trait("Must", "R-UPD-3")]
    public void Update_RoomHasEnded_IsNotOpenAndTopicsAreNotHandedOnToIt()
    {
        _bench.Change("sale", RoomControl.Create("Sale"));
        _bench.Subscribe("sale", "news.alerts", []);
        _bench.Change("sale", RoomControl.Start());
        _bench.Change("sale", RoomControl.End());
        Assert.Equal(ErrorCode.NotOpen, Update("sale", Bodies.Update("", [])));
        Assert.Null(Update("topic:news.alerts", Bodies.Update("news.alerts", [])));
        Assert.Empty(_bench.Logged("sale", MessageKind.Update));
    }

    [Fact]
    [Trait("Must", "R-SUB-2")]
    public void Invite_ServiceThatThereIsNot_IsUnknown() => _bench.Change(ServiceBench.Room, RoomControl.Invite("weather"), refused: ErrorCode.UnknownService);

    public void Dispose() => _bench.Dispose();

    private static EdgeBench Edge(Action<RelayServer.Edge.EdgeOptions>? configure = null)
    {
        var edge = new EdgeBench(configure) { Capabilities = Capabilities.Rooms | Capabilities.Services };
        edge.OwnSlots();
        edge.Relay(Array.Empty<byte[]>());
        return edge;
    }

    private static void Publish(EdgeBench edge, EdgeSession session, string channel, MessageKind kind, ReadOnlySpan<byte> payload, FrameFlags flags = FrameFlags.AckWanted)
    {
        byte[] body = new byte[PublishBody.OverheadBytesMax + channel.Length + payload.Length];
        Assert.True(new PublishBody { Channel = Encoding.UTF8.GetBytes(channel), ProducerId = 7, Number = 5, Kind = kind, Payload = payload }.TryEncode(body, out int bytes));
        edge.Core.Frames(session, ClientFrames.Frame(FrameType.Publish, flags, 9, body.AsSpan(0, bytes)), edge.Now);
    }

    private static List<ErrorCode> Errors(EdgeBench edge) => [.. edge.Effects.Sent.Where(frame => frame.Type == FrameType.Error).Select(frame =>
    {
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(frame.Body, out ErrorBody error));
        return error.Code;
    })];

    private ErrorCode? Update(string channel, byte[] payload)
    {
        _bench.Told.Clear();
        _bench.Services.Update(channel, payload, ++_number);
        _bench.Settle();
        return _bench.Told.SelectMany(relay => relay.Errors).Select(error => (ErrorCode?)error.Code).SingleOrDefault();
    }
}
