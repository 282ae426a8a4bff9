using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.Edge.Fanout;

/// <summary>One thing for a shard to do; shards do them in the order in which they were posted.</summary>
internal readonly struct ShardItem
{
    public ShardItemKind Kind { get; init; }

    /// <summary>Close: what waits goes out first. AddMember: gets nothing here that all partitions are told alike.</summary>
    public bool Flag { get; init; }

    /// <summary>Fanout: only for members that have agreed to these, and to be dropped for slow ones; none: for all.</summary>
    public Capabilities Needs { get; init; }

    /// <summary>Fanout: messages in the frame. Answered: bytes that go back to the session's inbox.</summary>
    public int Count { get; init; }

    public EdgeSession? Session { get; init; }

    public MemberList? Members { get; init; }

    /// <summary>A reference that the shard lets go of.</summary>
    public SharedFrame? Frame { get; init; }

    public Action? Callback { get; init; }
}
