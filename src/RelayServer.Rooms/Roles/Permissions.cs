using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// Who may do what where: one table of the lowest role that may. What it does not list, nobody may. That a higher role
/// may do all that a lower one may holds by its shape, so a user with several roles never loses by the highest.
/// </summary>
public static class Permissions
{
    private const int VerbCount = (int)RoomVerb.Subscriptions + 1;

    // A row for each kind of channel, a column for each verb: asked several times for every message.
    private static readonly Role[] LowestRole = Flatten(new Dictionary<(ChannelKind Kind, RoomVerb Verb), Role>
    {
        [(ChannelKind.Room, RoomVerb.Join)] = Role.Viewer,
        [(ChannelKind.Room, RoomVerb.React)] = Role.Viewer,
        [(ChannelKind.Room, RoomVerb.Status)] = Role.Viewer,
        [(ChannelKind.Room, RoomVerb.List)] = Role.Viewer,
        [(ChannelKind.Room, RoomVerb.Speak)] = Role.Member,
        [(ChannelKind.Room, RoomVerb.Create)] = Role.Member,
        [(ChannelKind.Room, RoomVerb.Members)] = Role.Member,
        [(ChannelKind.Room, RoomVerb.Broadcast)] = Role.Service,
        [(ChannelKind.Room, RoomVerb.Notice)] = Role.Service,
        [(ChannelKind.Room, RoomVerb.Product)] = Role.Service,
        [(ChannelKind.Room, RoomVerb.Purchase)] = Role.Service,
        [(ChannelKind.Room, RoomVerb.Observe)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Split)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Merge)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Mute)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Kick)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Ban)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Delete)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Restrictions)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Subscribe)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Invite)] = Role.Moderator,
        [(ChannelKind.Room, RoomVerb.Subscriptions)] = Role.Member,
        [(ChannelKind.Room, RoomVerb.Set)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.Start)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.End)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.Appoint)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.BanAddress)] = Role.Operator,

        [(ChannelKind.Topic, RoomVerb.Join)] = Role.Operator,
        [(ChannelKind.Topic, RoomVerb.Speak)] = Role.Service,

        [(ChannelKind.Inbox, RoomVerb.Join)] = Role.Viewer,
        [(ChannelKind.Inbox, RoomVerb.Speak)] = Role.Service,
        [(ChannelKind.Inbox, RoomVerb.Subscribe)] = Role.Viewer,
        [(ChannelKind.Inbox, RoomVerb.Subscriptions)] = Role.Viewer,
    });

    /// <summary>True when the table says so; <see cref="Role.None"/> and what is not in the table may nothing.</summary>
    public static bool Allows(Role role, RoomVerb verb, ChannelKind kind)
    {
        int cell = ((int)kind * VerbCount) + (int)verb;
        if ((int)verb >= VerbCount || cell >= LowestRole.Length)
        {
            return false;
        }

        Role lowest = LowestRole[cell];
        return lowest != Role.None && role >= lowest && role <= Role.Operator;
    }

    private static Role[] Flatten(Dictionary<(ChannelKind Kind, RoomVerb Verb), Role> table)
    {
        var lowestRole = new Role[((int)ChannelKind.Inbox + 1) * VerbCount];
        foreach (((ChannelKind kind, RoomVerb verb), Role lowest) in table)
        {
            lowestRole[((int)kind * VerbCount) + (int)verb] = lowest;
        }

        return lowestRole;
    }
}
