using RelayServer.Cli.Rooms;
using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>Does what the commands of a chat ask for. That something was done is told by the room itself, as to everybody.</summary>
/// <param name="client">Connected, and in the room.</param>
/// <param name="subscription">The room.</param>
/// <param name="recent">Who said what last.</param>
/// <param name="services">What is for services.</param>
/// <param name="tell">Takes a line for the user.</param>
internal sealed class ChatCommands(
    RelayClient client, RelaySubscription subscription, RecentMessages recent, ServiceCommands services, Action<string> tell)
{
    private const int RoomsShownMax = 20;

    private string Room => subscription.Channel;

    private Role OwnRole => subscription.Status?.Role ?? Role.Member;

    private bool IsOpen => subscription.Status is not { State: not BroadcastState.Open };

    /// <summary>Does it, and waits for the relay's answer.</summary>
    /// <exception cref="RelayException">Refused.</exception>
    /// <exception cref="ChatRefusalException">It cannot be done; says why.</exception>
    public async Task RunAsync(ChatAction action, CancellationToken cancellationToken)
    {
        switch (action.Kind)
        {
            case ChatActionKind.Wrong:
                throw new ChatRefusalException(action.Text);
            case ChatActionKind.Help:
                await TellHelpAsync(action.Text, cancellationToken);
                break;
            case ChatActionKind.React:
                if (!client.React(Room, RelayClient.Heart, action.Count))
                {
                    throw new ChatRefusalException("there is no connection at the moment");
                }

                break;
            case ChatActionKind.Change:
                await client.ControlAsync(Room, action.Control!, cancellationToken);
                break;
            case ChatActionKind.DeleteLast:
                await DeleteAsync(action.Text, cancellationToken);
                break;
            case ChatActionKind.Pin:
                await PinAsync(action.Text, action.Product!, cancellationToken);
                break;
            case ChatActionKind.Sell:
                await SellAsync(action, cancellationToken);
                break;
            default:
                await AskAsync(action, cancellationToken);
                break;
        }
    }

    /// <summary>That something was not done, and why: a service says so itself.</summary>
    public string Complain(string line, ChatAction action, RelayException e) => action.Kind == ChatActionKind.AskService
        ? $"{action.Service}: {Explain(action, e)}"
        : $"not done: {line} ({Explain(action, e)})";

    /// <summary>Why something was not done, for the one who asked for it.</summary>
    public string Explain(ChatAction action, RelayException e)
    {
        if (action.Kind == ChatActionKind.AskService)
        {
            return ServiceSentences.Refusal(e, action.Service);
        }

        if (e.Code != ErrorCode.Forbidden || action.Needs is not { } verb || Permissions.Allows(OwnRole, verb, ChannelKind.Room))
        {
            return ChatFormat.Refusal(e);
        }

        Role lowest = Enum.GetValues<Role>().Order().First(role => Permissions.Allows(role, verb, ChannelKind.Room));
        return $"you are {RoleNames.Of(OwnRole)} here, and this is for a {RoleNames.Of(lowest)} or above";
    }

    private async Task AskAsync(ChatAction action, CancellationToken cancellationToken)
    {
        switch (action.Kind)
        {
            case ChatActionKind.Status:
                RoomStatus status = await client.QueryStatusAsync(Room, cancellationToken);
                TellAll(StatusText.Lines(status, TimeZoneInfo.Local));
                break;
            case ChatActionKind.Members:
                RoomMembers members = await client.QueryMembersAsync(Room, cancellationToken);
                tell(members.Users.Count == 0
                    ? $"{RoomSentences.Count(members.Total, "member", "members")}{(members.Total > 0 ? ", too many to list by name" : string.Empty)}"
                    : $"{RoomSentences.Count(members.Total, "member", "members")}: {string.Join(", ", members.Users)}");
                break;
            case ChatActionKind.Restrictions:
                TellAll(RestrictionTable.Lines(Room, await RoomQueryCommands.ReadRestrictionsAsync(client, Room, cancellationToken), TimeZoneInfo.Local));
                break;
            case ChatActionKind.Rooms:
                RoomPage page = await client.QueryRoomsAsync(ReadSearch(action.Text), cancellationToken);
                TellAll(RoomQueryCommands.Table(page.Rooms, TimeZoneInfo.Local));
                if (page.HasMore)
                {
                    tell("there are more; /rooms TEXT finds those with a text in the name or title");
                }

                break;
            case ChatActionKind.AskService:
                await services.RunAsync(action.Text, cancellationToken);
                break;
            case ChatActionKind.Services:
                await services.ListAsync(cancellationToken);
                break;
            case ChatActionKind.Subscriptions:
                await services.ListSubscriptionsAsync(cancellationToken);
                break;
            case ChatActionKind.Renew:
                await services.RenewAsync(action.Text, action.Seconds, cancellationToken);
                break;
        }
    }

    private static RoomSearch ReadSearch(string text) =>
        System.Text.Encoding.UTF8.GetByteCount(text) <= ProtocolLimits.SearchBytesMax
            ? new RoomSearch { Text = text, Max = RoomsShownMax }
            : throw new ChatRefusalException($"a search takes at most {ProtocolLimits.SearchBytesMax} bytes");

    private async Task DeleteAsync(string user, CancellationToken cancellationToken)
    {
        (ulong producerId, ulong number) = recent.LastOf(user)
            ?? throw new ChatRefusalException($"no message of {user} was seen in this window; in 'relay chat --json' messages have what 'relay room delete' takes");
        await client.ControlAsync(Room, RoomControl.Delete(user, producerId, number), cancellationToken);
    }

    private async Task PinAsync(string id, ProductWords words, CancellationToken cancellationToken)
    {
        RoomProduct product = words.ToProduct(id, await PinnedAsync(id, cancellationToken), out string? problem) ?? throw new ChatRefusalException(problem!);
        await client.ControlAsync(Room, RoomControl.Pin(product), cancellationToken);
    }

    private async Task SellAsync(ChatAction action, CancellationToken cancellationToken)
    {
        await client.ControlAsync(Room, RoomControl.Purchase(action.Text, (uint)action.Count, action.Buyer), cancellationToken);
        if (await PinnedAsync(action.Text, cancellationToken) is { Stock: < uint.MaxValue } product)
        {
            uint left = product.Stock - Math.Min(product.Stock, (uint)action.Count);
            await client.ControlAsync(Room, RoomControl.Pin(product with { Stock = left }), cancellationToken);
        }
    }

    // Asked for, because what was pinned a moment ago may not have been told yet.
    private async Task<RoomProduct?> PinnedAsync(string id, CancellationToken cancellationToken) =>
        (await client.QueryStatusAsync(Room, cancellationToken)).Products.FirstOrDefault(product => product.Id == id);

    private async Task TellHelpAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Length == 0)
        {
            TellCommands();
            await services.HelpAsync(cancellationToken);
        }
        else if (TypedLine.Find(name) is { } command)
        {
            tell($"{command.Form}: {command.Summary}; such as /{command.Example}");
        }
        else
        {
            await services.HelpAsync(name, cancellationToken);
        }
    }

    private void TellCommands()
    {
        tell("type a line and Enter to send it; one that begins with // is said as it stands, and <3 sends a heart");
        SlashCommand[] allowed = [.. SlashCommands.All.Where(command => command.IsFor(OwnRole, IsOpen))];
        foreach (SlashCommand command in allowed)
        {
            tell($"{command.Form}: {command.Summary}");
        }

        if (SlashCommands.All.Where(command => !command.IsFor(OwnRole, IsOpen)).ToArray() is { Length: > 0 } others)
        {
            tell($"for other roles than yours ({RoleNames.Of(OwnRole)}): {string.Join(", ", others.Select(command => $"/{command.Name}"))}");
        }
    }

    private void TellAll(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            tell(line);
        }
    }
}
