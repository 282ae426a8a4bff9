using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>How many members the room has now; at most once a second, and only when it has changed.</summary>
public sealed class RelayCounts : RelayEvent
{
    internal RelayCounts(string channel, in CountsBody body)
    {
        Channel = channel;
        Total = body.Total;
        Generation = body.Generation;
        Partitions = RoomStatus.ReadCounts(body.Partitions);
    }

    /// <inheritdoc/>
    public override string Channel { get; }

    /// <summary>Members of the whole room.</summary>
    public uint Total { get; }

    /// <summary>The generation that <see cref="Partitions"/> are of.</summary>
    public ulong Generation { get; }

    /// <summary>Members of each partition.</summary>
    public IReadOnlyList<uint> Partitions { get; }
}
