namespace RelayServer.Edge.Sessions;

/// <summary>One connection's place at its <see cref="ConnectionGate"/>, from accept to its end.</summary>
internal sealed class ConnectionPlace(ConnectionGate gate, ConnectionStage stage, string? refusal, long acceptedAt) : IDisposable
{
    private ConnectionStage _stage = stage;

    /// <summary>Why the connection is turned away; null when it is let in.</summary>
    public string? Refusal { get; } = refusal;

    /// <summary>So many are turned away already that nothing is waited for: no TLS handshake, no reading.</summary>
    public bool MustCut { get; } = stage == ConnectionStage.Gone;

    /// <summary>As a timestamp of the gate's clock.</summary>
    public long AcceptedAt { get; } = acceptedAt;

    /// <summary>The handshake is over; the connection still counts.</summary>
    public void Welcomed() => Move(ConnectionStage.Welcomed);

    public void Dispose() => Move(ConnectionStage.Gone);

    private void Move(ConnectionStage to)
    {
        gate.Move(_stage, to);
        _stage = to;
    }
}
