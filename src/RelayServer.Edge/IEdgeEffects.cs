using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Protocol;

namespace RelayServer.Edge;

/// <summary>What the edge's state machine wants done. In production shards and the fabric do it, in a simulation a model.</summary>
internal interface IEdgeEffects
{
    /// <summary>A frame for one session; the callee takes over the reference.</summary>
    void Send(EdgeSession session, SharedFrame frame);

    /// <summary>
    /// A frame for all live members that have agreed to what it needs; the callee takes over the reference. One that needs
    /// something may be dropped for slow members. One that needs rooms is told to all partitions alike: an observer gets
    /// it with its first.
    /// </summary>
    void Fanout(PartitionFeed feed, SharedFrame frame, int messages, Capabilities needs);

    /// <summary>From here on the session gets what is fanned out; when it is a further partition of an observer, not what all are told alike.</summary>
    void AddMember(PartitionFeed feed, EdgeSession session, bool isFurther);

    /// <summary>From here on it does not.</summary>
    void RemoveMember(PartitionFeed feed, EdgeSession session);

    /// <summary>Ends a session with a CLOSE.</summary>
    void Close(EdgeSession session, ErrorCode code, ReadOnlySpan<byte> text);

    /// <summary>Ends a session that has said goodbye: what waits goes out, and nothing more is said.</summary>
    void End(EdgeSession session);

    /// <summary>Call <see cref="EdgeCore.Drained"/> once the session's connection has taken all it was sent.</summary>
    void NotifyWhenDrained(Reader reader);

    /// <summary>Call <see cref="EdgeCore.RelayApplied"/> once all fan-outs so far have been handed out.</summary>
    void NotifyWhenApplied(MasterLink link, ulong relayNo);

    /// <summary>Call <see cref="EdgeCore.HandedOut"/> once all fan-outs so far have been handed out.</summary>
    void NotifyWhenHandedOut(PartitionFeed feed);

    /// <summary>A message for a master; its bytes may be reused when the call returns.</summary>
    void SendUpstream(MasterLink link, ReadOnlyMemory<byte> message);

    /// <summary>For the metrics: a batch was answered completely, so long after it was first sent.</summary>
    void BatchAnswered(ulong milliseconds);

    /// <summary>Call <see cref="EdgeCore.LogRead"/> with what is in the log.</summary>
    void ReadLog(LogRead read);

    /// <summary>For the log: an entry that ends there is no DELIVER body.</summary>
    void EntryUnreadable(PartitionFeed feed, Position last);

    /// <summary>Call <see cref="EdgeCore.SlotsChanged"/> with the present table.</summary>
    void ReadSlots();
}
