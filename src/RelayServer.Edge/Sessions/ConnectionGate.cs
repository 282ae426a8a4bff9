namespace RelayServer.Edge.Sessions;

/// <summary>
/// Counts connections from the moment they are accepted. Before TLS: those that never finish it are bounded like those
/// that never say HELLO.
/// </summary>
internal sealed class ConnectionGate(EdgeOptions options, TimeProvider time)
{
    /// <summary>Connections at a time that are told why they are turned away; more are cut without waiting for them.</summary>
    public const int RefusalsMax = 64;

    private readonly Lock _lock = new();
    private int _connections;
    private int _handshakes;
    private int _refusals;

    /// <summary>Connections that were let in.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Those of them that have not been welcomed yet.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>Takes a place for a connection, or one among those that are turned away; the caller gives it back.</summary>
    public ConnectionPlace Enter()
    {
        lock (_lock)
        {
            string? refusal = _connections >= options.ConnectionsMax ? "this edge is full; try another one"
                : _handshakes >= options.HandshakesMax ? "too many clients are connecting; try again"
                : null;
            if (refusal is null)
            {
                _connections++;
                _handshakes++;
                return new ConnectionPlace(this, ConnectionStage.Handshake, refusal, time.GetTimestamp());
            }

            bool isTold = _refusals < RefusalsMax;
            _refusals += isTold ? 1 : 0;
            return new ConnectionPlace(this, isTold ? ConnectionStage.Refused : ConnectionStage.Gone, refusal, time.GetTimestamp());
        }
    }

    /// <summary>What is left of the handshake's time.</summary>
    public TimeSpan HandshakeTimeLeft(ConnectionPlace place)
    {
        TimeSpan left = TimeSpan.FromMilliseconds(options.HandshakeTimeoutMilliseconds) - time.GetElapsedTime(place.AcceptedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>A connection goes from one stage to the next.</summary>
    public void Move(ConnectionStage from, ConnectionStage to)
    {
        lock (_lock)
        {
            _handshakes -= from == ConnectionStage.Handshake ? 1 : 0;
            _refusals -= from == ConnectionStage.Refused ? 1 : 0;
            _connections -= to == ConnectionStage.Gone && from is ConnectionStage.Handshake or ConnectionStage.Welcomed ? 1 : 0;
        }
    }
}
