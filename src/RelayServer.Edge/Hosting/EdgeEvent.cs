using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;

namespace RelayServer.Edge.Hosting;

/// <summary>What happens to an edge: its state machine takes these one at a time.</summary>
internal readonly record struct EdgeEvent(EdgeEventKind Kind)
{
    public EdgeSession? Session { get; init; }

    /// <summary>Frames: a pooled array that goes back once they are taken.</summary>
    public byte[]? Pooled { get; init; }

    public int PooledBytes { get; init; }

    /// <summary>Frames: what they take of the session's budget until they are answered.</summary>
    public int BudgetBytes { get; init; }

    public ReadOnlyMemory<byte> Message { get; init; }

    public MasterLink? Link { get; init; }

    public ulong LinkNumber { get; init; }

    public ulong RelayNo { get; init; }

    public PartitionFeed? Feed { get; init; }

    public LogRead? Read { get; init; }

    public LogPage? Page { get; init; }

    public Reader? Reader { get; init; }

    public IReadOnlyList<SlotOwner>? Slots { get; init; }

    /// <summary>Revoked: whose token it is.</summary>
    public Predicate<EdgeSession>? IsMeant { get; init; }
}
