using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Services;

/// <summary>To a session that has not agreed to services there are none: not their verbs, and not their questions.</summary>
public sealed class WithoutServicesTests : IDisposable
{
    private const string Room = "room";

    private readonly EdgeBench _bench = new() { Capabilities = Capabilities.Rooms };

    public WithoutServicesTests()
    {
        _bench.OwnSlots();
        _bench.Relay(Array.Empty<byte[]>());
    }

    public static TheoryData<byte[]> Verbs =>
        [RoomControl.Subscribe("news.headlines", []).Encode(), RoomControl.Unsubscribe("news.headlines").Encode(), RoomControl.Invite("news").Encode()];

    [Theory]
    [MemberData(nameof(Verbs))]
    [Trait("Must", "R-CAP-4")]
    public void Control_VerbOfServices_IsNotThere(byte[] control)
    {
        Publish(_bench.SignIn("olga", Role.Operator), control);
        Assert.Equal((ErrorCode.BadArgument, Room, 5UL), Assert.Single(Refusals()));
        Assert.Empty(_bench.Effects.Upstream);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Control_VerbOfServicesOfASessionWithThem_GoesToTheMaster(byte[] control)
    {
        _bench.Capabilities |= Capabilities.Services;
        Publish(_bench.SignIn("olga", Role.Operator), control);
        Assert.Empty(Refusals());
        Assert.NotEmpty(_bench.Effects.Upstream);
    }

    [Fact]
    public void Control_AnyOtherVerb_GoesToTheMaster()
    {
        Publish(_bench.SignIn("olga", Role.Operator), RoomControl.Notice("read this").Encode());
        Assert.Empty(Refusals());
        Assert.NotEmpty(_bench.Effects.Upstream);
    }

    [Theory]
    [InlineData(QueryKind.Menu)]
    [InlineData(QueryKind.Subscriptions)]
    [Trait("Must", "R-CAP-4")]
    public void Query_AboutServices_IsNotThere(QueryKind what)
    {
        _bench.Effects.Upstream.Clear();
        _bench.Core.Frames(_bench.SignIn(), ClientFrames.Frame(FrameType.Query, FrameFlags.None, 7, Bodies.Query(what, Room)), _bench.Now);
        _bench.Core.Flush(_bench.Now);
        Assert.Equal((ErrorCode.BadArgument, Room, null), Assert.Single(Refusals()));
        Assert.Empty(_bench.Effects.Upstream);
    }

    public void Dispose() => _bench.Dispose();

    private void Publish(EdgeSession session, byte[] control)
    {
        byte[] body = new byte[PublishBody.OverheadBytesMax + Room.Length + control.Length];
        Assert.True(new PublishBody { Channel = Bodies.Utf8(Room), ProducerId = 7, Number = 5, Kind = MessageKind.Control, Payload = control }.TryEncode(body, out int bytes));
        _bench.CompleteAll();
        _bench.Effects.Upstream.Clear();
        _bench.Core.Frames(session, ClientFrames.Frame(FrameType.Publish, FrameFlags.AckWanted, 9, body.AsSpan(0, bytes)), _bench.Now);
        _bench.Core.Flush(_bench.Now);
    }

    private List<(ErrorCode Code, string Channel, ulong? Number)> Refusals() => [.. _bench.Effects.Sent.Where(frame => frame.Type == FrameType.Error).Select(frame =>
    {
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(frame.Body, out ErrorBody error));
        return (error.Code, System.Text.Encoding.UTF8.GetString(error.Channel), error.Number);
    })];
}
