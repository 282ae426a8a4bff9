using RelayServer.Edge;
using RelayServer.Edge.Sessions;

namespace RelayServer.UnitTests.Edge;

/// <summary>What connections count as, from accept to their end.</summary>
public sealed class ConnectionGateTests
{
    private readonly ConnectionGate _gate = new(new EdgeOptions { ConnectionsMax = 3, HandshakesMax = 2 }, TimeProvider.System);

    [Fact]
    public void Enter_HandshakesOfWelcomedConnections_CountNoMoreButTheConnectionsDo()
    {
        foreach (int connections in new[] { 1, 2, 3 })
        {
            ConnectionPlace place = _gate.Enter();
            Assert.Null(place.Refusal);
            place.Welcomed();
            Assert.Equal((connections, 0), (_gate.Connections, _gate.Handshakes));
        }

        Assert.Equal("this edge is full; try another one", _gate.Enter().Refusal);
    }

    [Fact]
    public void Enter_AboveTheLimit_RefusedOnesDoNotTakeTheRoomOfThoseThatLeave()
    {
        ConnectionPlace first = _gate.Enter();
        _gate.Enter();
        ConnectionPlace refused = _gate.Enter();
        Assert.Equal("too many clients are connecting; try again", refused.Refusal);
        Assert.False(refused.MustCut);
        first.Dispose();
        Assert.Null(_gate.Enter().Refusal);
        refused.Dispose();
        Assert.Equal((2, 2), (_gate.Connections, _gate.Handshakes));
    }

    [Fact]
    public void Enter_ManyAreBeingRefused_TheRestIsCutUntilOneOfThemLeaves()
    {
        _gate.Enter();
        _gate.Enter();
        ConnectionPlace[] refused = [.. Enumerable.Range(0, ConnectionGate.RefusalsMax).Select(_ => _gate.Enter())];
        Assert.DoesNotContain(refused, place => place.MustCut);
        ConnectionPlace cut = _gate.Enter();
        Assert.True(cut.MustCut);
        cut.Dispose();
        Assert.True(_gate.Enter().MustCut);
        refused[0].Dispose();
        Assert.False(_gate.Enter().MustCut);
    }

    [Fact]
    public void Dispose_Twice_CountsOnce()
    {
        ConnectionPlace place = _gate.Enter();
        place.Welcomed();
        place.Dispose();
        place.Dispose();
        Assert.Equal((0, 0), (_gate.Connections, _gate.Handshakes));
    }
}
