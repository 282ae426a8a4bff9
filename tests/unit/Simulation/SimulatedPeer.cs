using RelayServer.Edge.Sessions;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>Whoever is at the other end of a connection to an edge.</summary>
internal abstract class SimulatedPeer
{
    public abstract string User { get; }

    public abstract Role Role { get; }

    /// <summary>The service that its token names; empty without.</summary>
    public virtual string Service => "";

    /// <summary>Takes a frame of the server.</summary>
    public abstract void Take(EdgeSession session, byte[] frame);

    /// <summary>The connection is gone.</summary>
    public abstract void Cut(EdgeSession session);
}
