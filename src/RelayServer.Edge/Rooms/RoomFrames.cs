using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Tells members who understand it how their room is, and what goes on in it besides messages. How it is differs for them
/// by their roles only: it is encoded once for each, however many they are.
/// </summary>
internal sealed class RoomFrames(IEdgeEffects effects, EdgeCounters counters)
{
    /// <summary>From one telling of a room's changes to the next.</summary>
    public const ulong ChangesMillisecondsMin = 250;

    /// <summary>From one COUNTS of a room to the next. Their owner keeps to it, too, but a new one, or one that is asked anew, tells at once.</summary>
    private const ulong CountsMillisecondsMin = 1000;

    // What is told so often in a second is now and then a little early.
    private const ulong EarlyMillisecondsMax = 50;

    private static readonly RoomState NeverChanged = new();

    private readonly HashSet<EdgeRoom> _heldChanges = [];
    private readonly Dictionary<EdgeRoom, byte[]> _heldCounts = [];

    /// <summary>To one who has just joined.</summary>
    public void Tell(Membership membership)
    {
        EdgeSession session = membership.Session;
        if (session.Capabilities.HasFlag(Capabilities.Rooms))
        {
            effects.Send(session, FrameFor(membership.Room, membership.Room.RoleOf(session)).AddReference());
        }
    }

    /// <summary>Something has changed: all are told at once when the room was quiet, else with what changes until a tick.</summary>
    public void Changed(EdgeRoom room, ulong nowMilliseconds)
    {
        Release(room);
        if (nowMilliseconds >= room.ChangesDueMilliseconds)
        {
            TellAll(room, nowMilliseconds);
        }
        else
        {
            _heldChanges.Add(room);
        }
    }

    /// <summary>A frame that the master wrote, for all who are live. COUNTS that come too soon wait, and the latest of them is told.</summary>
    public void Push(EdgeRoom room, FrameType type, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (type is FrameType.Reactions or FrameType.Service)
        {
            Fanout(room, type, body);
        }
        else if (type == FrameType.Counts)
        {
            Remember(room, body);
            if (IsDue(room.CountsDueMilliseconds, nowMilliseconds))
            {
                TellCounts(room, body, nowMilliseconds);
            }
            else
            {
                _heldCounts[room] = body.ToArray();
            }
        }
    }

    /// <summary>Four times a second: changes and counts whose time has come.</summary>
    public void Send(ulong nowMilliseconds)
    {
        // Telling takes them out, which what is gone through allows.
        foreach (EdgeRoom room in _heldChanges)
        {
            if (IsDue(room.ChangesDueMilliseconds, nowMilliseconds))
            {
                TellAll(room, nowMilliseconds);
            }
        }

        foreach ((EdgeRoom room, byte[] body) in _heldCounts)
        {
            if (IsDue(room.CountsDueMilliseconds, nowMilliseconds))
            {
                TellCounts(room, body, nowMilliseconds);
            }
        }
    }

    /// <summary>Nobody is in the room any more.</summary>
    public void Forget(EdgeRoom room)
    {
        _heldChanges.Remove(room);
        _heldCounts.Remove(room);
        Release(room);
    }

    private static bool IsDue(ulong dueMilliseconds, ulong nowMilliseconds) => nowMilliseconds + EarlyMillisecondsMax >= dueMilliseconds;

    private void TellAll(EdgeRoom room, ulong nowMilliseconds)
    {
        _heldChanges.Remove(room);
        room.ChangesDueMilliseconds = Math.Max(nowMilliseconds, room.ChangesDueMilliseconds) + ChangesMillisecondsMin;
        foreach (Membership membership in room.Memberships)
        {
            if (membership.IsJoined)
            {
                Tell(membership);
            }
        }
    }

    private void TellCounts(EdgeRoom room, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        _heldCounts.Remove(room);
        room.CountsDueMilliseconds = Math.Max(nowMilliseconds, room.CountsDueMilliseconds) + CountsMillisecondsMin;
        Fanout(room, FrameType.Counts, body);
    }

    private void Fanout(EdgeRoom room, FrameType type, ReadOnlySpan<byte> body)
    {
        SharedFrame frame = SharedFrame.Create(type, FrameFlags.None, 0, body);
        Capabilities needs = type == FrameType.Service ? Capabilities.Services | Capabilities.Rooms : Capabilities.Rooms;
        foreach (PartitionFeed feed in room.Feeds)
        {
            effects.Fanout(feed, frame.AddReference(), 0, needs);
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
        foreach (MemberCount members in counts.Partitions)
        {
            sizes.Add(members.Value);
        }

        room.MembersTotal = counts.Total;
        room.Sizes = counts.Generation == room.Current.Generation ? [.. sizes] : [];
        Release(room);
    }

    private static SharedFrame FrameFor(EdgeRoom room, Role role) => (room.StatusByRole ??= new SharedFrame?[(int)Role.Operator + 1])[(int)role] ??=
        SharedFrame.Create(
            FrameType.Room, FrameFlags.None, 0,
            StatusEncoder.EncodeRoom(room.Name, room.State ?? NeverChanged, role, room.MembersTotal, room.Sizes));

    // Who was sent one holds it for himself.
    private static void Release(EdgeRoom room)
    {
        foreach (SharedFrame? frame in room.StatusByRole ?? [])
        {
            frame?.Release();
        }

        room.StatusByRole = null;
    }
}
