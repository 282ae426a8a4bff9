using RelayServer.Bench.Load.Publishing;
using RelayServer.Bench.Load.Receiving;
using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Scenarios;

/// <summary>What a fanout run found.</summary>
internal sealed record FanoutResult
{
    /// <summary>Loss, doubling, order.</summary>
    public required DeliveryAudit Audit { get; init; }

    /// <summary>What came of the publishes, warm-up included.</summary>
    public required PublishTotals Publishes { get; init; }

    /// <summary>Members that joined.</summary>
    public required int Joined { get; init; }

    /// <summary>Members whose connection ended by itself.</summary>
    public required int Disconnected { get; init; }

    /// <summary>Timed deliveries from the start of the measured phase until the last of them had arrived.</summary>
    public required double DeliveriesPerSecond { get; init; }

    /// <summary>Acks a second in the measured phase.</summary>
    public required double PublishesPerSecond { get; init; }

    /// <summary>Bytes a second that members received, from the start of publishing until all was drained.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Mean bytes that one receive call took.</summary>
    public required double BytesPerReceive { get; init; }

    /// <summary>Share of the bytes that was decoded, not compared.</summary>
    public required double DecodedShare { get; init; }

    /// <summary>Latency from the intended send time, at every member, in nanoseconds.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>Deliveries over time, from the start of the warm-up.</summary>
    public required RateSeries Series { get; init; }

    /// <summary>CPU during the measured phase; its moment is the phase's length.</summary>
    public required UsageSample Usage { get; init; }

    /// <summary>Names of the server processes, in the order of the usage.</summary>
    public required IReadOnlyList<string> Processes { get; init; }

    /// <summary>Resident memory of the server processes at the end, in bytes.</summary>
    public required IReadOnlyList<long> ResidentBytes { get; init; }

    /// <summary>Garbage-collection pauses of the server from the middle of the warm-up on, in seconds; null when not known.</summary>
    public required double? GcPauseSeconds { get; init; }

    /// <summary>What went wrong, for people.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>True when every acked message reached every member once and in order.</summary>
    public bool IsClean => Audit.IsClean && Disconnected == 0 && Publishes.Unanswered == 0;
}
