using System.Collections.Frozen;

namespace RelayServer.Rooms;

/// <summary>
/// Who may do what where: one table of the lowest role that may. What it does not list, nobody may. That a higher role
/// may do all that a lower one may holds by its shape, so a user with several roles never loses by the highest.
/// </summary>
public static class Permissions
{
    private static readonly FrozenDictionary<(ChannelKind, RoomVerb), Role> LowestRole = new Dictionary<(ChannelKind, RoomVerb), Role>
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
        [(ChannelKind.Room, RoomVerb.Set)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.Start)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.End)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.Appoint)] = Role.Host,
        [(ChannelKind.Room, RoomVerb.BanAddress)] = Role.Operator,

        [(ChannelKind.Topic, RoomVerb.Join)] = Role.Viewer,
        [(ChannelKind.Topic, RoomVerb.Speak)] = Role.Service,

        [(ChannelKind.Inbox, RoomVerb.Join)] = Role.Viewer,
        [(ChannelKind.Inbox, RoomVerb.Speak)] = Role.Service,
    }.ToFrozenDictionary();

    /// <summary>True when the table says so; <see cref="Role.None"/> and what is not in the table may nothing.</summary>
    public static bool Allows(Role role, RoomVerb verb, ChannelKind kind) =>
        LowestRole.TryGetValue((kind, verb), out Role lowest) && role >= lowest && role <= Role.Operator;
}
