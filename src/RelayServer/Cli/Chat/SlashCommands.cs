using System.Globalization;
using RelayServer.Cli.Rooms;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>The commands that can be typed in a chat, in the order in which help tells them.</summary>
internal static class SlashCommands
{
    private const uint DefaultMuteSeconds = 600;

    public static readonly IReadOnlyList<SlashCommand> All =
    [
        new("help", "[COMMAND | SERVICE | TOPIC]", "this list, how to write a command, what a service does, or the subjects of a topic", "help mute", null, rest => new(ChatActionKind.Help) { Text = rest }),
        new("quit", "", "leave, as Ctrl-D and Ctrl-C do", "quit", null, rest => IfEmpty(rest, new ChatAction(ChatActionKind.Quit))),
        new("heart", "[N]", "send hearts, as <3 does", "heart 5", RoomVerb.React, Heart),
        new("status", "", "how the room is", "status", RoomVerb.Status, rest => IfEmpty(rest, new ChatAction(ChatActionKind.Status))),
        new("members", "", "who is in the room", "members", RoomVerb.Members, rest => IfEmpty(rest, new ChatAction(ChatActionKind.Members))),
        new("rooms", "[TEXT]", "which rooms there are", "rooms spring", RoomVerb.List, rest => new(ChatActionKind.Rooms) { Text = rest }),
        new("create", "TITLE", "make this room a broadcast of yours", "create Spring sale", RoomVerb.Create, rest => IfAny(rest, () => RoomControl.Create(rest))),
        new("notice", "[TEXT]", "pin a notice; without text, take it off", "notice free shipping today", RoomVerb.Notice, rest => ChatAction.Change(RoomControl.Notice(rest))),
        new("product", "ID PRICE CURRENCY STOCK TITLE [LINK] | ID off", "pin a product card (STOCK 'any': not counted), or take it off", "product mug 12.90 EUR 40 Blue mug", RoomVerb.Product, Product),
        new("stock", "ID N", "change the stock on a card", "stock mug 39", RoomVerb.Product, Stock),
        new("sold", "ID [N] [BUYER]", "tell of a purchase, and lower the stock", "sold mug 2 Zoë", RoomVerb.Purchase, Sold),
        new("split", "groups K | edge | auto", "split the room", "split groups 8", RoomVerb.Split, Split),
        new("merge", "", "bring everybody together again", "merge", RoomVerb.Merge, rest => IfEmpty(rest, ChatAction.Change(RoomControl.Merge()))),
        new("mute", "USER [TIME] [REASON]", $"take somebody's voice, for 10m unless said otherwise ({Duration.SecondsRule})", "mute bob 1h spam", RoomVerb.Mute, rest => Restrict(rest, DefaultMuteSeconds, RoomControl.Mute)),
        new("unmute", "USER", "give it back", "unmute bob", RoomVerb.Mute, rest => OfUser(rest, user => RoomControl.Mute(user, 0))),
        new("kick", "USER [REASON]", "put somebody out", "kick bob wrong room", RoomVerb.Kick, rest => TypedLine.Cut(rest) is ({ Length: > 0 } user, var reason) ? ChatAction.Change(RoomControl.Kick(user, reason)) : null),
        new("ban", "USER [TIME] [REASON]", "put somebody out and keep them out, for good unless said otherwise", "ban bob 7d spam", RoomVerb.Ban, rest => Restrict(rest, RoomLimits.ForGoodSeconds, RoomControl.Ban)),
        new("bans", "", "who is muted, banned or kicked here, until when and why", "bans", RoomVerb.Restrictions, rest => IfEmpty(rest, new ChatAction(ChatActionKind.Restrictions))),
        new("unban", "USER", "let somebody in again", "unban bob", RoomVerb.Ban, rest => OfUser(rest, user => RoomControl.Ban(user, 0))),
        new("delete", "USER", "delete the last message of somebody", "delete bob", RoomVerb.Delete, rest => TypedLine.Cut(rest) is ({ Length: > 0 } user, "") ? new(ChatActionKind.DeleteLast) { Text = user } : null),
        new("live", "", "begin the broadcast", "live", RoomVerb.Start, rest => IfEmpty(rest, ChatAction.Change(RoomControl.Start()))),
        new("end", "", "end the broadcast, for good", "end", RoomVerb.End, rest => IfEmpty(rest, ChatAction.Change(RoomControl.End()))),
        new("slow", "TIME | off", "slow mode: a member's next message after TIME at the earliest", "slow 5s", RoomVerb.Set, Slow),
        new("freeze", "[off]", "let members not speak for now", "freeze", RoomVerb.Set, Freeze),
        new("appoint", "USER ROLE", "make somebody host, moderator, member, viewer or none", "appoint bob moderator", RoomVerb.Appoint, Appoint),
        new("set", "NAME=VALUE...", "change settings; 'relay room set --help' lists them", "set slow_mode_ms=2s links_refused=on", RoomVerb.Set, Set),
        new("services", "", "which services there are", "services", null, rest => IfEmpty(rest, new ChatAction(ChatActionKind.Services))),
        new("service", "NAME [VERB] [#ITEM] [ARGUMENT...]", "ask a service, also one that is called like a command here", "service news latest", null, Service),
        new("subscribe", "TOPIC [SUBJECT...] [for TIME]", "have the room told what is new, of some subjects or of all", "subscribe news.headlines sport for 7d", RoomVerb.Subscribe, SubscriptionLines.Subscribe),
        new("renew", "TOPIC [for TIME]", "have a subscription last as long again, or for TIME from now", "renew news.headlines", RoomVerb.Subscribe, SubscriptionLines.Renew),
        new("unsubscribe", "TOPIC", "have it told no longer", "unsubscribe news.headlines", RoomVerb.Subscribe, SubscriptionLines.Unsubscribe),
        new("subscriptions", "", "what the room has subscribed to", "subscriptions", RoomVerb.Subscriptions, rest => IfEmpty(rest, new ChatAction(ChatActionKind.Subscriptions))),
        new("invite", "SERVICE", "let a service answer here", "invite news", RoomVerb.Invite, rest => SubscriptionLines.Invite(rest, isInvited: true)),
        new("uninvite", "SERVICE", "let it no longer", "uninvite news", RoomVerb.Invite, rest => SubscriptionLines.Invite(rest, isInvited: false)),
    ];

    private static ChatAction? IfEmpty(string rest, ChatAction action) => rest.Length == 0 ? action : null;

    private static ChatAction? IfAny(string rest, Func<RoomControl> make) => rest.Length > 0 ? ChatAction.Change(make()) : null;

    private static ChatAction? OfUser(string rest, Func<string, RoomControl> make) =>
        TypedLine.Cut(rest) is ({ Length: > 0 } user, "") ? ChatAction.Change(make(user)) : null;

    private static ChatAction? Service(string rest) =>
        rest.Length == 0 ? null : TypedLine.ReadService(rest) ?? ChatAction.Wrong($"'{TypedLine.Cut(rest).Word}' is no service; /services lists them");

    private static bool TryCount(string word, int maximum, out int count) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1 && count <= maximum;

    private static ChatAction? Heart(string rest)
    {
        int hearts = 1;
        return rest.Length == 0 || TryCount(rest, ProtocolLimits.ReactionCountMax, out hearts)
            ? new ChatAction(ChatActionKind.React) { Count = hearts }
            : ChatAction.Wrong($"/heart takes a number from 1 to {ProtocolLimits.ReactionCountMax}, or nothing for one heart");
    }

    private static ChatAction? Split(string rest)
    {
        (string mode, string groups) = TypedLine.Cut(rest);
        return mode.ToLowerInvariant() switch
        {
            "edge" or "edges" when groups.Length == 0 => ChatAction.Change(RoomControl.SplitByEdges()),
            "auto" when groups.Length == 0 => ChatAction.Change(RoomControl.SplitAutomatically()),
            "groups" when uint.TryParse(groups, NumberStyles.None, CultureInfo.InvariantCulture, out uint count) => ChatAction.Change(RoomControl.SplitIntoGroups(count)),
            _ => null,
        };
    }

    private static ChatAction? Restrict(string rest, uint defaultSeconds, Func<string, uint, string, RoomControl> make)
    {
        (string user, string after) = TypedLine.Cut(rest);
        if (user.Length == 0)
        {
            return null;
        }

        (string time, string reason) = TypedLine.Cut(after);
        if (Duration.TryParseSeconds(time, out uint seconds))
        {
            return ChatAction.Change(make(user, seconds, reason));
        }

        // What looks like a time and is none must not be the reason of what lasts for good.
        return time.Length > 0 && (char.IsDigit(time[0]) || time[0] is '-' or '+')
            ? ChatAction.Wrong(Duration.Refusal(time))
            : ChatAction.Change(make(user, defaultSeconds, after));
    }

    private static ChatAction? Slow(string rest) => rest.ToLowerInvariant() switch
    {
        "" => null,
        "off" or "0" => ChatAction.Change(RoomControl.Set(RoomSetting.SlowModeMilliseconds, 0)),
        _ when rest.All(char.IsAsciiDigit) => ChatAction.Wrong($"'{rest}' has no unit; write {rest}s for seconds or {rest}m for minutes"),
        _ => Slow(Duration.TryParse(rest, out TimeSpan turn) ? turn : null, rest),
    };

    private static ChatAction Slow(TimeSpan? turn, string written)
    {
        var longest = TimeSpan.FromMilliseconds(RoomSettings.Find(RoomSetting.SlowModeMilliseconds)!.Maximum);
        return turn is not { } time ? ChatAction.Wrong($"'{written}' is no time; write 500ms, 5s, 2m or off")
            : time > longest ? ChatAction.Wrong($"slow mode is at most {Duration.Format(longest)}")
            : ChatAction.Change(RoomControl.Set(RoomSetting.SlowModeMilliseconds, (ulong)time.TotalMilliseconds));
    }

    private static ChatAction? Freeze(string rest) => rest.ToLowerInvariant() switch
    {
        "" or "on" => ChatAction.Change(RoomControl.Set(RoomSetting.Frozen, 1)),
        "off" => ChatAction.Change(RoomControl.Set(RoomSetting.Frozen, 0)),
        _ => null,
    };

    private static ChatAction? Appoint(string rest)
    {
        (string user, string name) = TypedLine.Cut(rest);
        if (user.Length == 0 || name.Length == 0)
        {
            return null;
        }

        return RoleNames.TryParse(name, out Role role)
            ? ChatAction.Change(RoomControl.Appoint(user, role))
            : ChatAction.Wrong($"'{name}' is no role; there are host, moderator, member, viewer and none");
    }

    // A text may have spaces: a setting reaches to where the next one's name begins.
    private static ChatAction? Set(string rest)
    {
        List<string> settings = [];
        foreach (string word in rest.Split(' '))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            bool begins = settings.Count == 0 || (equals > 0 && RoomSettings.Find(word[..equals]) is not null);
            if (begins)
            {
                settings.Add(word);
            }
            else
            {
                settings[^1] += $" {word}";
            }
        }

        return rest.Length > 0 ? ReadSettings(settings) : null;
    }

    private static ChatAction ReadSettings(IEnumerable<string> settings)
    {
        List<RoomSettingValue> values = [];
        foreach (string setting in settings)
        {
            if (RoomValues.ParseSetting(setting, TimeProvider.System.GetLocalNow(), out RoomSettingValue value) is { } problem)
            {
                return ChatAction.Wrong(problem);
            }

            values.Add(value);
        }

        return ChatAction.Change(RoomControl.Set([.. values]));
    }

    private static ChatAction? Product(string rest)
    {
        (string id, string after) = TypedLine.Cut(rest);
        if (id.Length == 0 || after.Length == 0)
        {
            return null;
        }

        if (after.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            return ChatAction.Change(RoomControl.Unpin(id));
        }

        (string price, string afterPrice) = TypedLine.Cut(after);
        (string currency, string afterCurrency) = TypedLine.Cut(afterPrice);
        (string stock, string title) = TypedLine.Cut(afterCurrency);
        if (title.Length == 0)
        {
            return null;
        }

        int lastSpace = title.LastIndexOf(' ');
        bool hasLink = lastSpace > 0 && title.AsSpan(lastSpace + 1) is var last && (last.StartsWith("https://") || last.StartsWith("http://"));
        var words = new ProductWords(
            hasLink ? title[..lastSpace].Trim() : title, price, currency, stock, hasLink ? title[(lastSpace + 1)..] : string.Empty);
        return words.ToProduct(id, null, out string? problem) is { } product ? ChatAction.Change(RoomControl.Pin(product)) : ChatAction.Wrong(problem!);
    }

    private static ChatAction? Stock(string rest)
    {
        (string id, string stock) = TypedLine.Cut(rest);
        return id.Length > 0 && stock.Length > 0
            ? new ChatAction(ChatActionKind.Pin) { Text = id, Product = new ProductWords(null, null, null, stock, null) }
            : null;
    }

    private static ChatAction? Sold(string rest)
    {
        (string id, string after) = TypedLine.Cut(rest);
        (string number, string buyer) = TypedLine.Cut(after);
        if (!TryCount(number, (int)RoomLimits.PurchaseQuantityMax, out int pieces))
        {
            (pieces, buyer) = (1, after);
        }

        return id.Length == 0 ? null
            : RoomControl.Purchase(id, (uint)pieces, buyer).Check() is { } refusal ? ChatAction.Wrong(refusal.Text)
            : new ChatAction(ChatActionKind.Sell) { Text = id, Count = pieces, Buyer = buyer };
    }
}
