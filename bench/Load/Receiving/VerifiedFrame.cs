namespace RelayServer.Bench.Load.Receiving;

/// <summary>
/// A DELIVER frame that was decoded and checked once. The frames of one loop form a list in the order in which they
/// were first received; members that receive the same bytes walk it by comparing. What every member has passed is
/// no longer reachable and is collected.
/// </summary>
internal sealed class VerifiedFrame
{
    /// <summary>The whole frame, header included; empty for the anchor that the list starts with.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>Sequence number of the first message.</summary>
    public ulong FirstSeq { get; init; }

    /// <summary>How many messages, of whatever sender.</summary>
    public int Messages { get; init; }

    /// <summary>How many of them are messages of this run.</summary>
    public int LoadMessages { get; init; }

    /// <summary>Intended send times of the messages that are timed.</summary>
    public long[] IntendedNanoseconds { get; init; } = [];

    /// <summary>Messages that the log has at another place too.</summary>
    public int Duplicated { get; init; }

    /// <summary>Messages that the log has after a later one of the same publisher.</summary>
    public int OutOfOrder { get; init; }

    /// <summary>The frame that was received next.</summary>
    public VerifiedFrame? Next { get; set; }
}
