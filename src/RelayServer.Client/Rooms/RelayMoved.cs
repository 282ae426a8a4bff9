using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// The member goes on in another log: the room was split or merged, or the member has come to an edge with a partition of
/// its own. Nothing is missing. What was split, and into what, says the <see cref="RelaySplit"/> before and after it.
/// </summary>
public sealed class RelayMoved : RelayEvent
{
    internal RelayMoved(string channel, Position from, Position to)
    {
        Channel = channel;
        From = from;
        To = to;
    }

    /// <inheritdoc/>
    public override string Channel { get; }

    /// <summary>The last position in the log that was left.</summary>
    public Position From { get; }

    /// <summary>Where reading goes on: after this position. Its partition is the member's own now.</summary>
    public Position To { get; }
}
