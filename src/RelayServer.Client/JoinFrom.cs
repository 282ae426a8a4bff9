using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Where delivery starts when a channel is joined.</summary>
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

    internal JoinStart Start { get; }

    internal uint LastMessages { get; }

    internal Position Position { get; }

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
}
