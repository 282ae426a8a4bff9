using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;

namespace RelayServer.Edge.Fanout;

/// <summary>One thing for a shard to do; shards do them in the order in which they were posted.</summary>
internal readonly struct ShardItem
{
    public ShardItemKind Kind { get; init; }

    /// <summary>Fanout: ephemeral, may be dropped for slow members. Close: what waits goes out first. AddMember: gets no pushes here.</summary>
    public bool Flag { get; init; }

    /// <summary>Fanout: messages in the frame. Answered: bytes that go back to the session's inbox.</summary>
    public int Count { get; init; }

    public EdgeSession? Session { get; init; }

    public MemberList? Members { get; init; }

    /// <summary>A reference that the shard lets go of.</summary>
    public SharedFrame? Frame { get; init; }

    public Action? Callback { get; init; }
}
