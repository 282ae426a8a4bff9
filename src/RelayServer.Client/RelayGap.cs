using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Messages of the channel that will not be delivered, in the place where they are missing.</summary>
public sealed class RelayGap : RelayEvent
{
    internal RelayGap(string channel, Position after, Position until, GapReason reason)
    {
        Channel = channel;
        After = after;
        Until = until;
        Reason = reason;
    }

    /// <inheritdoc/>
    public override string Channel { get; }

    /// <summary>The last position before the gap.</summary>
    public Position After { get; }

    /// <summary>The last position in the gap.</summary>
    public Position Until { get; }

    /// <summary>Why.</summary>
    public GapReason Reason { get; }

    /// <summary>
    /// How many messages are missing; null when nobody can say: the history is another one now, or the room was split or
    /// merged in between.
    /// </summary>
    public ulong? MessageCount =>
        Reason == GapReason.HistoryDiverged || !Until.IsInLogOf(After) || Until.Seq < After.Seq ? null : Until.Seq - After.Seq;
}
