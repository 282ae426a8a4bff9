namespace RelayServer.Fabric;

/// <summary>What a record in a master's relay is.</summary>
public enum RelayKind : byte
{
    /// <summary>A bin: the body of a DELIVER for every member of its channel on the edge.</summary>
    Deliver = 0,

    /// <summary><c>[1, session, PUB_ACK body]</c>.</summary>
    Ack = 1,

    /// <summary><c>[2, session, correlation, flags, ERROR body]</c>.</summary>
    Error = 2,

    /// <summary><c>[3, channel, generation, partition, epoch, seq]</c>: the answer to an interest; what follows the top is relayed.</summary>
    Opened = 3,

    /// <summary><c>[4, DELIVER body]</c>: not logged.</summary>
    Ephemeral = 4,

    /// <summary><c>[5, channel, generation, partition, epoch, seq]</c>: the top of a channel that changed; finds a lost last message.</summary>
    Top = 5,

    /// <summary>
    /// <c>[6, channel, generation, partition, epoch, seq]</c>: the (epoch, last seq) of the first entry that the log still
    /// has; what is before it, an edge must not give to anybody who joins.
    /// </summary>
    Trimmed = 6,

    /// <summary>
    /// <c>[7, channel, room state (bin)]</c>: all about the room that is not messages, as of this flush; before what was
    /// sequenced with it.
    /// </summary>
    Room = 7,

    /// <summary><c>[8, session, correlation, ANSWER body]</c>: to a query.</summary>
    Answer = 8,

    /// <summary>
    /// <c>[9, channel, generation, partition, epoch, first_seq, last_seq]</c>: logged, but not for members; before the
    /// deliver records of the relay, whose holes it explains.
    /// </summary>
    Skipped = 9,

    /// <summary><c>[10, channel, frame_type, body]</c>: a frame for every member that has agreed to rooms; may be dropped.</summary>
    Push = 10,

    /// <summary><c>[12, channel, ticket]</c>: count the members per bucket; see <see cref="UpstreamKind.Census"/>.</summary>
    Census = 12,

    /// <summary><c>[13, session, frame_type, correlation, body]</c>: a frame for the session of a service.</summary>
    Frame = 13,

    /// <summary><c>[14, session, frame_type, id, body]</c>: the RESULT or ERROR that answers a command, by the number that its edge gave it.</summary>
    Outcome = 14,
}
