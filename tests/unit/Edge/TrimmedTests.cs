using System.Text;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>What has left the log is not given to anybody from an edge's memory.</summary>
public sealed class TrimmedTests : IDisposable
{
    private readonly EdgeBench _bench = new();

    [Fact]
    public void Join_LastMessagesThatHaveLeftTheLog_TheLogIsAsked()
    {
        Open();
        _bench.Join(_bench.SignIn(), "room", JoinStart.LastMessages, last: 2);
        Assert.Empty(_bench.Effects.Reads);
        Trimmed(1, 3);
        _bench.Join(_bench.SignIn(), "room", JoinStart.LastMessages, last: 1);
        Assert.Empty(_bench.Effects.Reads);
        _bench.Join(_bench.SignIn(), "room", JoinStart.LastMessages, last: 2);
        Assert.Equal(LogReadKind.Tail, Assert.Single(_bench.Effects.Reads).Kind);
    }

    [Fact]
    public void Join_ResumeFromAPlaceThatHasLeftTheLog_TheLogIsAsked()
    {
        Open();
        Trimmed(2, 1);
        _bench.Join(_bench.SignIn(), "room", JoinStart.Resume, position: new Position(0, 0, 1, 1));
        Assert.Equal(LogReadKind.Verify, Assert.Single(_bench.Effects.Reads).Kind);
        Assert.Equal(0, _bench.Core.RecentBytes);
    }

    public void Dispose() => _bench.Dispose();

    private void Open()
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn();
        _bench.Join(session, "room");
        _bench.Opened("room", 1, 0);
        for (ulong seq = 1; seq <= 3; seq++)
        {
            _bench.Deliver("room", 1, seq, seq);
        }
    }

    private void Trimmed(ulong epoch, ulong seq) => _bench.Relay(new RelayRecord
    {
        Kind = RelayKind.Trimmed, Channel = Encoding.UTF8.GetBytes("room"), Top = new Position(0, 0, epoch, seq),
    });
}
