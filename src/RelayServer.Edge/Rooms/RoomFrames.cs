using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Tells members who understand it how their room is, and what goes on in it besides messages.</summary>
internal sealed class RoomFrames(IEdgeEffects effects, EdgeCounters counters)
{
    private static readonly RoomState NeverChanged = new();

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

    /// <summary>A frame that the master wrote, for all who are live.</summary>
    public void Push(EdgeRoom room, FrameType type, ReadOnlySpan<byte> body)
    {
        if (type == FrameType.Counts)
        {
            Remember(room, body);
        }
        else if (type != FrameType.Reactions)
        {
            return;
        }

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
