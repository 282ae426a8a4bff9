using RelayServer.Bench.Load.Publishing;

namespace RelayServer.Bench.Scenarios;

/// <summary>What the fanout scenario is to do.</summary>
internal sealed record FanoutOptions
{
    /// <summary>Listening members of the one room.</summary>
    public int Members { get; init; } = 1000;

    /// <summary>Members that publish; their own deliveries are not counted.</summary>
    public int Publishers { get; init; } = 10;

    /// <summary>Payload of each message, in bytes.</summary>
    public int PayloadBytes { get; init; } = 128;

    /// <summary>Length of the measured phase.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>Length of the warm-up before it: code is compiled in steps, and kernels widen socket buffers as they go.</summary>
    public double WarmupSeconds { get; init; } = 6;

    /// <summary>Open loop: messages a second of all publishers together; 0 finds the peak in a closed loop.</summary>
    public double Rate { get; init; }

    /// <summary>Most unanswered messages of one publisher.</summary>
    public int WindowMessages { get; init; } = 256;

    /// <summary>Receiving threads.</summary>
    public int Loops { get; init; } = 1;

    /// <summary>Whether publishers use the client library or bare frames.</summary>
    public PublisherKind Publisher { get; init; }

    /// <summary>Publishers on one edge, members on the other, instead of both on both.</summary>
    public bool Apart { get; init; }

    /// <summary>How long the end of a run goes on waiting when nothing more arrives.</summary>
    public double DrainSeconds { get; init; } = 10;
}
