using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>
/// The room is split or merged at this position. It comes twice: as the last entry of a partition before, and as the first
/// of one after, where <see cref="IsBeginning"/> is true.
/// </summary>
public sealed class RelaySplit : RelayEntry
{
    internal RelaySplit(DeliveredBatch batch, in DeliverMessage message, string from, SplitNotice notice)
        : base(batch, message, from) => Notice = notice;

    /// <summary>What it is divided into, and how many members each part had when it was.</summary>
    public SplitNotice Notice { get; }

    /// <summary>True in the log of the new generation, false in that of the old one.</summary>
    public bool IsBeginning => Position.Generation == Notice.To.Generation;
}
