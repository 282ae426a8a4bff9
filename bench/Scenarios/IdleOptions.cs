namespace RelayServer.Bench.Scenarios;

/// <summary>What the idle scenario is to do.</summary>
internal sealed record IdleOptions
{
    /// <summary>Connections on one edge. A process may have 20,000 files open on many systems.</summary>
    public int Connections { get; init; } = 19_000;

    /// <summary>Rooms that the connections are spread over, one for each connection in turn.</summary>
    public int Channels { get; init; } = 100;

    /// <summary>Longest wait for the memory to come to rest.</summary>
    public double SettleSeconds { get; init; } = 15;

    /// <summary>Length of the window in which CPU is measured.</summary>
    public double IdleSeconds { get; init; } = 10;
}
