using RelayServer.Edge.Hosting;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Tells owners who is in their rooms at this edge: each time all of it, when it has changed, and when the owner may not
/// know it any more.
/// </summary>
internal sealed class PresenceReports(EdgeOptions options, EdgeCounters counters, UpstreamRouter upstream)
{
    /// <summary>From one report of a room to its next.</summary>
    public const ulong ReportMillisecondsMin = 500;

    /// <summary>Members counted in one tick, more or less: what is left waits for the next.</summary>
    public const int MembersPerTickMax = 128 * 1024;

    // Ticks are half as far apart as reports, and now and then a little early.
    private const ulong EarlyMillisecondsMax = 50;

    // Reports wait for the masters to take those before, so that they never take the room that publishes need.
    private const int HeldBytesShare = 4;

    private readonly LinkedList<EdgeRoom> _due = new();

    /// <summary>The members of a room are others than its owner knows, or may be.</summary>
    public void Changed(EdgeRoom room)
    {
        if (room.Presence.List is null)
        {
            _due.AddLast(room.Presence);
        }
    }

    /// <summary>The owner may not know what it was told. Before it has first answered there is nothing that it could know.</summary>
    public void Repeat(EdgeRoom room)
    {
        if (room.IsOpen)
        {
            Changed(room);
        }
    }

    /// <summary>The last member has left: that the edge is not interested any more says it all.</summary>
    public void Forget(EdgeRoom room)
    {
        if (room.Presence.List is not null)
        {
            _due.Remove(room.Presence);
        }
    }

    /// <summary>Four times a second.</summary>
    public void Send(ulong nowMilliseconds)
    {
        int left = MembersPerTickMax;
        for (int rooms = _due.Count; rooms > 0 && left > 0 && upstream.HeldBytes <= options.UpstreamBytesMax / HeldBytesShare; rooms--)
        {
            LinkedListNode<EdgeRoom> first = _due.First!;
            EdgeRoom room = first.Value;
            _due.RemoveFirst();
            if (nowMilliseconds + EarlyMillisecondsMax < room.PresenceDueMilliseconds)
            {
                _due.AddLast(first);
                left--;
                continue;
            }

            room.PresenceDueMilliseconds = Math.Max(nowMilliseconds, room.PresenceDueMilliseconds) + ReportMillisecondsMin;
            left -= room.Memberships.Count;
            counters.PresenceReports++;
            Report(room, nowMilliseconds);
        }
    }

    private void Report(EdgeRoom room, ulong nowMilliseconds)
    {
        Span<uint> counts = stackalloc uint[Partitioning.PartitionsMax];
        int members = Count(room, counts);
        Span<byte> encodedCounts = stackalloc byte[Partitioning.PartitionsMax * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(encodedCounts);
        foreach (uint count in counts[..room.Current.Count])
        {
            writer.WriteUInt64(count);
        }

        using var names = new PooledBuffer();
        bool hasNames = members <= ProtocolLimits.MemberNamesMax;
        int users = hasNames ? WriteNames(room, names) : 0;
        upstream.Add(
            new UpstreamRecord
            {
                Kind = UpstreamKind.Presence,
                Channel = room.Name,
                Generation = room.Current.Generation,
                Counts = new EncodedList<MemberCount>(encodedCounts[..writer.WrittenBytes], room.Current.Count),
                HasNames = hasNames,
                Names = new EncodedList<MemberName>(names.WrittenSpan, users),
            },
            room.Slot,
            nowMilliseconds);
    }

    // Everybody counts once, where he belongs: whether he has come so far in the logs or not, and whatever else he reads.
    private static int Count(EdgeRoom room, Span<uint> counts)
    {
        int members = 0;
        uint? common = room.CommonPartition;
        foreach (Membership membership in room.Memberships)
        {
            if (membership.IsJoined)
            {
                members++;
                counts[(int)(common ?? room.Current.PartitionOf(membership.Session.UserId, string.Empty))]++;
            }
        }

        return members;
    }

    private static int WriteNames(EdgeRoom room, PooledBuffer names)
    {
        var users = new HashSet<byte[]>(Utf8KeyComparer.Instance);
        foreach (Membership membership in room.Memberships)
        {
            byte[] user = membership.Session.UserId;
            if (membership.IsJoined && users.Add(user))
            {
                var writer = new MessagePackWriter(names.Reserve(MessagePackWriter.HeadBytesMax + user.Length));
                writer.WriteString(user);
                names.Advance(writer.WrittenBytes);
            }
        }

        return users.Count;
    }
}
