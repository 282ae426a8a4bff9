using RelayServer.Rooms;

namespace RelayServer.Cli.Demo;

/// <summary>One thing that somebody does at a time.</summary>
/// <param name="At">When, from the beginning.</param>
/// <param name="Actor">Who: an index of <see cref="DemoPlan.Actors"/>.</param>
/// <param name="Kind">What.</param>
internal sealed record DemoStep(TimeSpan At, int Actor, DemoStepKind Kind)
{
    /// <summary>What is said, or whose message is deleted.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Hearts.</summary>
    public int Count { get; init; }

    /// <summary>Of a change.</summary>
    public RoomControl? Control { get; init; }

    /// <summary>A line of progress; null for what is but a part of the bustle.</summary>
    public string? Progress { get; init; }
}
