using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>What follows from a room's new state for those who are in it.</summary>
internal sealed class Moderation(IEdgeEffects effects, LiveFeeds feeds, Switches switches, RoomFrames frames, Refusals refusals)
{
    private static readonly ControlRefusal NoRight = new(ErrorCode.Forbidden, "your role does not let you be in this room");

    /// <summary>Ends a membership.</summary>
    public required Action<Membership, ulong> Leave { get; init; }

    /// <summary>Why a session may not be in a room; null when it may.</summary>
    public static ControlRefusal? MayBeIn(EdgeRoom room, EdgeSession session, ulong nowMilliseconds) =>
        room.State?.MayJoin(session.UserId, session.Role, session.Address, nowMilliseconds)
            ?? (Permissions.Allows(room.RoleOf(session), RoomVerb.Join, ChannelKind.Room) ? null : NoRight);

    /// <summary>Does what the state demands. The room is gone when nobody may stay.</summary>
    public void Enforce(EdgeRoom room, ulong nowMilliseconds)
    {
        foreach (Membership membership in room.Memberships.ToArray())
        {
            if (MayBeIn(room, membership.Session, nowMilliseconds) is { } refusal)
            {
                PutOut(membership, refusal, nowMilliseconds);
            }
            else if (membership is { IsObserver: true, IsJoined: true, Reader: not null }
                && !Permissions.Allows(room.RoleOf(membership.Session), RoomVerb.Observe, ChannelKind.Room))
            {
                switches.Demote(membership);
            }
        }

        if (room.State is { HasDeleted: true })
        {
            foreach (PartitionFeed feed in room.Feeds)
            {
                feeds.Recent.Rewrite(feed, static (feed, body) => Deletions.Rewrite(feed.Room, body));
            }
        }

        frames.Changed(room, nowMilliseconds);
    }

    private void PutOut(Membership membership, ControlRefusal refusal, ulong nowMilliseconds)
    {
        JoinRequest? request = membership.Request;
        byte[] name = membership.Room.Name;
        Leave(membership, nowMilliseconds);
        if (request is not null)
        {
            refusals.Refuse(membership.Session, request.Correlation, refusal, name);
        }
        else
        {
            effects.Send(membership.Session, ServerFrames.Left(0, name, refusal.Code));
        }
    }
}
