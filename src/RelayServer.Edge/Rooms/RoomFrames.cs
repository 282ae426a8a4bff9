using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Tells members who understand it how their room is, and what goes on in it besides messages.</summary>
internal sealed class RoomFrames(IEdgeEffects effects, EdgeCounters counters)
{
    /// <summary>From one COUNTS of a room to the next. Their owner keeps to it, too, but a new one, or one that is asked anew, tells at once.</summary>
    private const ulong CountsMillisecondsMin = 1000;

    // What is told once a second is now and then a little early.
    private const ulong EarlyMillisecondsMax = 50;

    private static readonly RoomState NeverChanged = new();

    private readonly Dictionary<EdgeRoom, byte[]> _heldCounts = [];

    /// <summary>To one who has just joined.</summary>
    public void Tell(Membership membership)
    {
        EdgeSession session = membership.Session;
        if (session.Capabilities.HasFlag(Capabilities.Rooms))
        {
            effects.Send(session, SharedFrame.Create(FrameType.Room, FrameFlags.None, 0, BodyFor(membership.Room, session)));
        }
    }

    /// <summary>To all, as something has changed.</summary>
    public void TellAll(EdgeRoom room)
    {
        room.StatusByRole = null;
        foreach (Membership membership in room.Memberships)
        {
            if (membership.IsJoined)
            {
                Tell(membership);
            }
        }
    }

    /// <summary>A frame that the master wrote, for all who are live. COUNTS that come too soon wait, and the latest of them is told.</summary>
    public void Push(EdgeRoom room, FrameType type, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (type == FrameType.Reactions)
        {
            Fanout(room, type, body);
        }
        else if (type == FrameType.Counts)
        {
            Remember(room, body);
            if (IsDue(room, nowMilliseconds))
            {
                TellCounts(room, body, nowMilliseconds);
            }
            else
            {
                _heldCounts[room] = body.ToArray();
            }
        }
    }

    /// <summary>Four times a second: counts whose time has come.</summary>
    public void Send(ulong nowMilliseconds)
    {
        foreach ((EdgeRoom room, byte[] body) in _heldCounts)
        {
            if (IsDue(room, nowMilliseconds))
            {
                // Takes it out, which a dictionary that is gone through allows.
                TellCounts(room, body, nowMilliseconds);
            }
        }
    }

    /// <summary>Nobody is in the room any more.</summary>
    public void Forget(EdgeRoom room) => _heldCounts.Remove(room);

    private static bool IsDue(EdgeRoom room, ulong nowMilliseconds) => nowMilliseconds + EarlyMillisecondsMax >= room.CountsDueMilliseconds;

    private void TellCounts(EdgeRoom room, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        _heldCounts.Remove(room);
        room.CountsDueMilliseconds = Math.Max(nowMilliseconds, room.CountsDueMilliseconds) + CountsMillisecondsMin;
        Fanout(room, FrameType.Counts, body);
    }

    private void Fanout(EdgeRoom room, FrameType type, ReadOnlySpan<byte> body)
    {
        SharedFrame frame = SharedFrame.Create(type, FrameFlags.None, 0, body);
        foreach (PartitionFeed feed in room.Feeds)
        {
            effects.Fanout(feed, frame.AddReference(), 0, Capabilities.Rooms);
        }

        frame.Release();
        counters.Pushes++;
    }

    // ROOM tells the last counts that were told.
    private static void Remember(EdgeRoom room, ReadOnlySpan<byte> body)
    {
        if (CountsBody.TryDecode(body, out CountsBody counts) != DecodeStatus.Ok)
        {
            return;
        }

        var sizes = new List<uint>(counts.Partitions.Count);
        foreach (uint members in counts.Partitions)
        {
            sizes.Add(members);
        }

        room.MembersTotal = counts.Total;
        room.Sizes = counts.Generation == room.Current.Generation ? [.. sizes] : [];
        room.StatusByRole = null;
    }

    private static byte[] BodyFor(EdgeRoom room, EdgeSession session)
    {
        Role role = room.RoleOf(session);
        byte[]?[] bodies = room.StatusByRole ??= new byte[(int)Role.Operator + 1][];
        return bodies[(int)role] ??= StatusEncoder.EncodeRoom(room.Name, room.State ?? NeverChanged, role, room.MembersTotal, room.Sizes);
    }
}
