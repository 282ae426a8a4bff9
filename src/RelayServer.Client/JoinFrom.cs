using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Where delivery starts when a channel is joined, and whether all of a split room is wanted.</summary>
public readonly record struct JoinFrom
{
    private JoinFrom(JoinStart start, uint lastMessages, Position position)
    {
        Start = start;
        LastMessages = lastMessages;
        Position = position;
    }

    /// <summary>With the next message.</summary>
    public static JoinFrom Live => default;

    /// <summary>With the first message that the relay still has.</summary>
    public static JoinFrom Beginning => new(JoinStart.Resume, 0, Position.Start);

    /// <summary>
    /// True to receive every partition of a split room, for those whose role allows it: each message says in its position
    /// which one it is of.
    /// </summary>
    public bool IsObserver { get; private init; }

    internal JoinStart Start { get; }

    internal uint LastMessages { get; }

    internal Position Position { get; }

    /// <summary>Of an observer that resumes: one position for each partition; else null.</summary>
    internal IReadOnlyList<Position>? Positions { get; private init; }

    /// <summary>With the last messages, then live.</summary>
    /// <param name="messages">How many, 0–<see cref="ProtocolLimits.JoinHistoryMessagesMax"/>.</param>
    public static JoinFrom Last(int messages)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(messages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messages, ProtocolLimits.JoinHistoryMessagesMax);
        return new(JoinStart.LastMessages, (uint)messages, default);
    }

    /// <summary>
    /// After a position kept from an earlier membership. If the relay no longer has what follows it, a
    /// <see cref="RelayGap"/> comes first.
    /// </summary>
    public static JoinFrom After(Position position) => new(JoinStart.Resume, 0, position);

    /// <summary>As an observer, after the positions kept from an earlier membership: <see cref="RelaySubscription.Positions"/>.</summary>
    /// <param name="positions">1–<see cref="ProtocolLimits.PartitionsMax"/>, each of another partition.</param>
    public static JoinFrom ObserveAfter(IReadOnlyList<Position> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentOutOfRangeException.ThrowIfZero(positions.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(positions.Count, ProtocolLimits.PartitionsMax);
        return new(JoinStart.Resume, 0, positions[0]) { IsObserver = true, Positions = [.. positions] };
    }

    /// <summary>The same start as an observer.</summary>
    public JoinFrom Observing() => this with { IsObserver = true };
}
