using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>A read that the edge asks of the fabric; the answer comes back with it.</summary>
/// <param name="kind">Why.</param>
/// <param name="feed">Whose log.</param>
/// <param name="epoch">From this epoch.</param>
/// <param name="seq">From this place; for a tail, how many messages.</param>
internal sealed class LogRead(LogReadKind kind, PartitionFeed feed, ulong epoch, ulong seq)
{
    public LogReadKind Kind { get; } = kind;

    public PartitionFeed Feed { get; } = feed;

    public ulong Epoch { get; } = epoch;

    public ulong Seq { get; } = seq;

    public LogKey Log => Feed.Log;

    /// <summary>Who waits for it; nobody for a repair.</summary>
    public List<Reader> Readers { get; } = [];

    /// <summary>The feed's cursor when the read began; null until then. What was relayed before is in the page.</summary>
    public Position? StartedAt { get; set; }

    /// <summary>Somebody waits for it still.</summary>
    public bool IsWanted => Kind == LogReadKind.Repair ? !Feed.IsGone : Readers.Exists(IsAwaitedBy);

    /// <summary>This one does: it has neither left nor gone elsewhere.</summary>
    public bool IsAwaitedBy(Reader reader) => reader.Phase == ReaderPhase.Reading && reader.Feed == Feed;
}
