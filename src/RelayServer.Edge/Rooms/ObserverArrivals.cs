using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// How the JOIN of an observer begins. JOINED is of the first partition; where the others begin it learns by a GAP for each,
/// but for those of which it gave a position.
/// </summary>
internal sealed class ObserverArrivals(Arrivals arrivals, Switches switches, FeedTable feeds)
{
    private static readonly ControlRefusal Forbidden = new(ErrorCode.Forbidden, "only those who run a room may observe all of it");

    /// <summary>Starts, once the room is open; or has the observer wait until the owner tells more.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ControlRefusal? Begin(Membership membership)
    {
        EdgeRoom room = membership.Room;
        if (!Permissions.Allows(room.RoleOf(membership.Session), RoomVerb.Observe, ChannelKind.Room))
        {
            return Forbidden;
        }

        PartitionFeed?[] live = [.. Enumerable.Range(0, room.Current.Count).Select(partition => room.Find(room.Current.Generation, (uint)partition))];
        if (live.Contains(null))
        {
            arrivals.Ask(membership);
            return null;
        }

        JoinRequest request = membership.Request!;
        switch (request.Start)
        {
            case var _ when request.Positions.Length > 0:
                return Resume(membership, request, request.Positions, live);
            case JoinStart.Resume when request.Position == Position.Start:
                BeginAt(membership, room.Oldest, default, live[0]!.Cursor, GapReason.Moved);
                return null;
            case JoinStart.Resume:
                return Resume(membership, request, [request.Position], live);
            case JoinStart.LastMessages when request.LastMessages > 0:
                arrivals.Joined(membership, live[0]!.Cursor, live[0]!.Cursor);
                foreach (PartitionFeed? feed in live)
                {
                    BeginWithLast(membership, feed!, request.LastMessages);
                }

                return null;
            default:
                BeginLive(membership, live);
                return null;
        }
    }

    private void BeginLive(Membership membership, PartitionFeed?[] live)
    {
        Position first = live[0]!.Cursor;
        arrivals.StartLive(Arrivals.Open(membership, live[0]!));
        foreach (PartitionFeed? feed in live.AsSpan(1))
        {
            switches.Begin(membership, first, feed!.Cursor, GapReason.Moved);
        }
    }

    private void BeginAt(Membership membership, Partitioning partitioning, Position from, Position top, GapReason reason)
    {
        arrivals.Joined(membership, from, top);
        switches.BeginEach(
            membership, from, Enumerable.Range(0, partitioning.Count).Select(partition => new Position(partitioning.Generation, (uint)partition, 0, 0)), reason);
    }

    private void BeginWithLast(Membership membership, PartitionFeed feed, int messages)
    {
        Reader reader = Arrivals.Open(membership, feed);
        reader.WantedMessages = messages;
        arrivals.StartWithLast(reader, messages);
    }

    private ControlRefusal? Resume(Membership membership, JoinRequest request, Position[] given, PartitionFeed?[] live)
    {
        EdgeRoom room = membership.Room;
        ulong generation = given[0].Generation;
        if (Array.Exists(given, position => position.Generation != generation))
        {
            // An observer enters a generation when it has everything of the one before, so it never has of two.
            return Arrivals.BadPosition;
        }

        if (room.PartitioningOf(generation) is not { } partitioning)
        {
            if (generation >= room.Oldest.Generation)
            {
                return arrivals.Unknown(membership, live[0]!);
            }

            BeginAt(membership, room.Oldest, given[0], live[0]!.Cursor, GapReason.Trimmed);
            return null;
        }

        var positions = new Position?[partitioning.Count];
        foreach (Position position in given)
        {
            if (position.Partition >= partitioning.Count)
            {
                return room.MayGrow(partitioning) ? arrivals.Unknown(membership, live[0]!) : Arrivals.BadPosition;
            }

            positions[position.Partition] = position;
        }

        arrivals.Joined(membership, positions[0] ?? given[0], live[0]!.Cursor);
        var begins = new List<(Reader Reader, Action Start)>();
        for (uint partition = 0; partition < positions.Length; partition++)
        {
            var beginning = new Position(generation, partition, 0, 0);
            if (positions[partition] is { } position)
            {
                Reader reader = Arrivals.Open(membership, feeds.For(room, beginning));
                begins.Add((reader, () => arrivals.StartAfter(reader, position)));
            }
            else if (generation == room.Current.Generation && request is { Start: not JoinStart.Resume, LastMessages: > 0 })
            {
                Reader reader = Arrivals.Open(membership, live[partition]!);
                reader.WantedMessages = request.LastMessages;
                begins.Add((reader, () => arrivals.StartWithLast(reader, request.LastMessages)));
            }
            else
            {
                bool isLate = generation < room.Current.Generation || request.Start == JoinStart.Resume;
                Reader reader = switches.Open(membership, given[0], isLate ? beginning : live[partition]!.Cursor, GapReason.Moved);
                begins.Add((reader, () => switches.Start(reader)));
            }
        }

        // Not before all are there, for the first may have nothing more to read.
        foreach ((Reader reader, Action start) in begins)
        {
            if (reader.Phase == ReaderPhase.Waiting)
            {
                start();
            }
        }

        return null;
    }
}
