using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>What a client knows of one room.</summary>
internal sealed class ClientRoom(string channel)
{
    public string Channel { get; } = channel;

    /// <summary>After this it wants what follows; null before it ever joined.</summary>
    public Position? Have { get; set; }

    public bool IsWanted { get; set; }

    public bool IsJoining { get; set; }

    public bool IsJoined { get; set; }

    public bool IsLeaving { get; set; }

    public uint JoinCorrelation { get; set; }

    public JoinStart Start { get; set; }

    public int Received { get; set; }

    public int Gaps { get; set; }

    /// <summary>A new connection knows nothing.</summary>
    public void Disconnected()
    {
        IsJoining = false;
        IsJoined = false;
        IsLeaving = false;
    }
}
