namespace RelayServer.Bench.Scenarios;

/// <summary>What an idle run found.</summary>
internal sealed record IdleResult
{
    /// <summary>Connections that joined.</summary>
    public required int Joined { get; init; }

    /// <summary>Connections that failed or ended by themselves.</summary>
    public required int Disconnected { get; init; }

    /// <summary>How long it took until all had joined.</summary>
    public required double ConnectSeconds { get; init; }

    /// <summary>Resident memory of the server before, with its code warm, in bytes.</summary>
    public required long ResidentBytesBefore { get; init; }

    /// <summary>Resident memory of the server after, at rest, in bytes.</summary>
    public required long ResidentBytesAfter { get; init; }

    /// <summary>CPU of the server in the idle window, in percent of one core.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Length of that window.</summary>
    public required double IdleSeconds { get; init; }

    /// <summary>Heartbeats that connections sent in it.</summary>
    public required long Heartbeats { get; init; }

    /// <summary>What went wrong, for people.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Growth of resident memory for each connection; memory of the kernel's sockets is not in it.</summary>
    public double ResidentBytesPerConnection => (double)(ResidentBytesAfter - ResidentBytesBefore) / Math.Max(Joined, 1);
}
