using System.Text;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Services;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>What follows from a room's new state for those who are in it.</summary>
internal sealed class Moderation(IEdgeEffects effects, EdgeCounters counters, LiveFeeds feeds, Switches switches, Refusals refusals)
{
    private static readonly ControlRefusal NoRight = new(ErrorCode.Forbidden, "your role does not let you be in this room");

    /// <summary>Ends a membership.</summary>
    public required Action<Membership, ulong> Leave { get; init; }

    /// <summary>Why a session may not be in a room; null when it may.</summary>
    public static ControlRefusal? MayBeIn(EdgeRoom room, EdgeSession session, ulong nowMilliseconds) =>
        KeptOut(room, session, nowMilliseconds)
            ?? (session.Service.Length == 0 || ChannelName.KindOf(room.Name) != ChannelKind.Room
                || room.State?.HasAskedIn(Encoding.UTF8.GetString(session.Service), session.UserId) is true ? null : ServiceSessions.NotInvited);

    /// <summary>Why a session may have nothing to do with a room; null when it may.</summary>
    public static ControlRefusal? KeptOut(EdgeRoom room, EdgeSession session, ulong nowMilliseconds) =>
        room.State?.MayJoin(session.UserId, session.Role, session.Address, nowMilliseconds)
            ?? (Permissions.Allows(room.RoleOf(session), RoomVerb.Join, ChannelKind.Room) ? null : NoRight);

    /// <summary>
    /// Does what a room's new state demands. The room is gone when nobody may stay. Whoever runs a room may change it many
    /// times a second: what concerns all members, or all that is remembered, is done only when it must be.
    /// </summary>
    /// <param name="room">It.</param>
    /// <param name="before">The state that was known before.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public void Changed(EdgeRoom room, RoomState before, ulong nowMilliseconds)
    {
        RoomState state = room.State!;
        if (!state.LetsBeAll(before))
        {
            Enforce(room, nowMilliseconds);
        }
        else if (!state.LetsBeServices(before))
        {
            // Every member may take an invitation back where the room is open: it costs no look at all the others.
            Enforce([.. room.Memberships.Where(membership => membership.Session.Service.Length > 0)], nowMilliseconds);
        }

        if (state.HasDeletedSince(before))
        {
            room.HasNewDeletions = true;
            Rewrite(room);
        }
    }

    /// <summary>The relay that has told of a change is over. A state comes before the messages of its flush, and may say that one of them is deleted.</summary>
    public void Settle(EdgeRoom room)
    {
        if (room.HasNewDeletions)
        {
            room.HasNewDeletions = false;
            Rewrite(room);
        }
    }

    /// <summary>Who may not be in the room any more is put out, and who may not see all of it sees a member's part.</summary>
    public void Enforce(EdgeRoom room, ulong nowMilliseconds)
    {
        counters.Enforcements++;
        Enforce(room.Memberships.ToArray(), nowMilliseconds);
    }

    private void Enforce(Membership[] members, ulong nowMilliseconds)
    {
        foreach (Membership membership in members)
        {
            EdgeRoom room = membership.Room;
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
    }

    private void Rewrite(EdgeRoom room)
    {
        foreach (PartitionFeed feed in room.Feeds)
        {
            feeds.Recent.Rewrite(feed, static (feed, body) => Deletions.Rewrite(feed.Room, body));
        }
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
