using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Tells owners who is in their rooms at this edge: the whole truth each time, so that a lost report does no harm.</summary>
internal sealed class PresenceReports(UpstreamRouter upstream)
{
    /// <summary>A room is reported at most so often.</summary>
    public const ulong IntervalMilliseconds = 500;

    private readonly HashSet<EdgeRoom> _changed = [];

    /// <summary>Somebody came or went, or the room was divided anew.</summary>
    public void Changed(EdgeRoom room) => _changed.Add(room);

    /// <summary>The owner may have lost what it was told.</summary>
    public void Repeat(EdgeRoom room)
    {
        if (room.IsOpen)
        {
            room.PresenceSentAtMilliseconds = 0;
            _changed.Add(room);
        }
    }

    public void Forget(EdgeRoom room) => _changed.Remove(room);

    /// <summary>Sends what is due.</summary>
    public void Send(ulong nowMilliseconds)
    {
        if (_changed.Count == 0)
        {
            return;
        }

        _changed.RemoveWhere(room =>
        {
            if (nowMilliseconds - room.PresenceSentAtMilliseconds < IntervalMilliseconds)
            {
                return false;
            }

            room.PresenceSentAtMilliseconds = nowMilliseconds;
            Report(room, nowMilliseconds);
            return true;
        });
    }

    private void Report(EdgeRoom room, ulong nowMilliseconds)
    {
        Partitioning current = room.Current;
        uint[] members = new uint[current.Count];
        HashSet<byte[]>? users = room.Memberships.Count <= ProtocolLimits.MemberNamesMax ? new(Utf8KeyComparer.Instance) : null;
        foreach (Membership membership in room.Memberships)
        {
            if (membership.IsJoined)
            {
                members[room.PartitionOf(current, membership.Session.UserId) ?? 0]++;
                users?.Add(membership.Session.UserId);
            }
        }

        using var counts = new PooledBuffer();
        var writer = new MessagePackWriter(counts.Reserve(members.Length * MessagePackWriter.IntegerBytesMax));
        foreach (uint count in members)
        {
            writer.WriteUInt64(count);
        }

        counts.Advance(writer.WrittenBytes);
        using var names = new PooledBuffer();
        foreach (byte[] user in users ?? [])
        {
            var name = new MessagePackWriter(names.Reserve(MessagePackWriter.HeadBytesMax + user.Length));
            name.WriteString(user);
            names.Advance(name.WrittenBytes);
        }

        var record = new UpstreamRecord
        {
            Kind = UpstreamKind.Presence,
            Channel = room.Name,
            Generation = current.Generation,
            Counts = new CountList(counts.WrittenSpan, members.Length),
            HasNames = users is not null,
            Names = new NameList(names.WrittenSpan, users?.Count ?? 0),
        };
        upstream.Add(record, room.Slot, nowMilliseconds);
    }
}
