using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>What one session may ask of rooms, and of their logs.</summary>
public sealed class ControlRateTests : IDisposable
{
    private readonly EdgeBench _bench = new(options => options.ControlsPerSecondMax = 2) { Capabilities = Capabilities.Rooms };
    private ulong _number;

    [Theory]
    [InlineData(Role.None, "", 2)]
    [InlineData(Role.Member, "", 2)]
    [InlineData(Role.Service, "shop", 2)]
    [InlineData(Role.Service, "", 5)]
    [InlineData(Role.Operator, "", 5)]
    public void Publish_FiveControlsAtOnce_AreTakenAsTheTokenMay(Role role, string service, int taken)
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn("ann", role, service);
        for (int i = 0; i < 5; i++)
        {
            Control(session);
        }

        Assert.Equal(5 - taken, Errors(ErrorCode.RateLimited));
        _bench.Now += 1000;
        Control(session);
        Assert.Equal(5 - taken, Errors(ErrorCode.RateLimited));
    }

    [Theory]
    [InlineData(FabricLimits.NumberMax + 1, 1)]
    [InlineData(1, FabricLimits.NumberMax + 1)]
    [InlineData(1, long.MaxValue)]
    public void Join_PositionThatNoStoreCanHave_IsRefusedAndNothingIsRead(ulong epoch, ulong seq)
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn();
        _bench.Join(session, "room", JoinStart.Resume, position: new Position(0, 0, epoch, seq));
        Assert.Equal(1, Errors(ErrorCode.BadPosition));
        _bench.Opened("room", 1, 5);
        Assert.Empty(_bench.Effects.Reads);
    }

    public void Dispose() => _bench.Dispose();

    private void Control(EdgeSession session)
    {
        byte[] body = new byte[PublishBody.OverheadBytesMax + 20];
        Assert.True(new PublishBody { Channel = "room"u8, ProducerId = 1, Number = ++_number, Kind = MessageKind.Control, Payload = RoomControl.Create("Sale").Encode() }.TryEncode(body, out int bytes));
        _bench.Core.Frames(session, ClientFrames.Frame(FrameType.Publish, FrameFlags.None, 0, body.AsSpan(0, bytes).ToArray()), _bench.Now);
    }

    private int Errors(ErrorCode code) => _bench.Effects.Sent.Count(sent =>
        sent.Type == FrameType.Error && ErrorBody.TryDecode(sent.Body, out ErrorBody error) == DecodeStatus.Ok && error.Code == code);
}
