using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>A command that can be typed in a chat.</summary>
/// <param name="Name">Its word, without the slash.</param>
/// <param name="Usage">What comes after the word.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Example">How it looks, without the slash.</param>
/// <param name="Needs">The right that it needs; null when everybody may.</param>
/// <param name="Read">Makes an action of what came after the word; null when that is not as <paramref name="Usage"/> says.</param>
internal sealed record SlashCommand(string Name, string Usage, string Summary, string Example, RoomVerb? Needs, Func<string, ChatAction?> Read)
{
    /// <summary>How to write it.</summary>
    public string Form => Usage.Length > 0 ? $"/{Name} {Usage}" : $"/{Name}";

    /// <summary>What to say to what came after the word and is not as it should be.</summary>
    public string Complaint(string rest) =>
        Usage.Length == 0 ? $"/{Name} takes nothing after it; type /{Name} alone"
        : rest.Length == 0 ? $"/{Name} needs more: {Form}, such as /{Example}"
        : $"/{Name} does not take '{rest}'; write {Form}, such as /{Example}";

    /// <summary>True when a role may.</summary>
    /// <param name="role">The role.</param>
    /// <param name="isOpen">The room is nobody's: then every member has the rights of subscriptions.</param>
    public bool IsFor(Role role, bool isOpen = false)
    {
        role = role == Role.None ? Role.Member : role;
        return Needs is not { } verb || Permissions.Allows(role, verb, ChannelKind.Room)
            || (isOpen && role >= Role.Member && verb is RoomVerb.Subscribe or RoomVerb.Invite);
    }
}
