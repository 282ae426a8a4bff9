namespace RelayServer.Bench.Scenarios;

/// <summary>What the split scenario is to do.</summary>
internal sealed record SplitOptions
{
    /// <summary>Listening members of the one room.</summary>
    public int Members { get; init; } = 1000;

    /// <summary>Members that publish, each in its own partition.</summary>
    public int Publishers { get; init; } = 64;

    /// <summary>Payload of each message, in bytes.</summary>
    public int PayloadBytes { get; init; } = 128;

    /// <summary>Messages a second of all publishers together.</summary>
    public double Rate { get; init; } = 100;

    /// <summary>Groups of the split into groups.</summary>
    public int Groups { get; init; } = 8;

    /// <summary>Length of each measured phase.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>Length of the warm-up before each.</summary>
    public double WarmupSeconds { get; init; } = 3;
}
