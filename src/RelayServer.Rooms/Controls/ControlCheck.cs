using System.Net;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Whether the arguments of a control are in range, whatever the room is like.</summary>
internal static class ControlCheck
{
    public static ControlRefusal? Check(RoomControl control) => control.Verb switch
    {
        ControlVerb.Create => CheckCreate(control),
        ControlVerb.Set => CheckSettings(control.Settings),
        ControlVerb.Split => CheckSplit(control),
        ControlVerb.Appoint => CheckUser(control.User) ?? CheckRole(control.Role),
        ControlVerb.Mute or ControlVerb.Kick or ControlVerb.Ban => CheckUser(control.User) ?? CheckReason(control.Text),
        ControlVerb.BanAddress => CheckRange(control.AddressRange) ?? CheckReason(control.Text),
        ControlVerb.Delete => CheckUser(control.User) ?? CheckNumber("the message's number", control.Number),
        ControlVerb.Notice => ControlText.Check("the notice", control.Text, 0, RoomLimits.NoticeBytesMax, lines: true),
        ControlVerb.Product => control.Product is null ? Bad("a product is missing") : control.Product.Check(),
        ControlVerb.ProductRemoved => CheckProductId(control.ProductId),
        ControlVerb.Purchase => CheckPurchase(control),
        ControlVerb.Start or ControlVerb.End or ControlVerb.Merge => null,
        _ => Bad($"there is no control {(int)control.Verb}"),
    };

    public static ControlRefusal? CheckNumber(string name, ulong number) =>
        number <= ProtocolLimits.NumberMax ? null : Bad($"{name} is at most {ProtocolLimits.NumberMax}");

    private static ControlRefusal Bad(string text) => new(ErrorCode.BadArgument, text);

    private static ControlRefusal? CheckCreate(RoomControl control) =>
        ControlText.Check("the title", control.Title, 0, RoomLimits.TitleBytesMax)
        ?? ControlText.Check("the description", control.Description, 0, RoomLimits.DescriptionBytesMax, lines: true)
        ?? CheckNumber("starts_at_ms", control.StartsAtMilliseconds);

    private static ControlRefusal? CheckSettings(IReadOnlyList<RoomSettingValue> settings)
    {
        if (settings.Count is 0 or > RoomLimits.SettingsInControlMax)
        {
            return Bad($"1 to {RoomLimits.SettingsInControlMax} settings at a time");
        }

        var seen = new HashSet<RoomSetting>();
        foreach (RoomSettingValue value in settings)
        {
            if (RoomSettings.Check(value) is { } refusal)
            {
                return refusal;
            }

            if (!seen.Add(value.Setting))
            {
                return Bad($"{RoomSettings.Find(value.Setting)!.Name} is set twice");
            }
        }

        return null;
    }

    private static ControlRefusal? CheckSplit(RoomControl control) => control.Split switch
    {
        ControlSplit.Edges or ControlSplit.Auto => null,
        ControlSplit.Groups => control.Groups is >= RoomLimits.GroupsMin and <= Partitioning.PartitionsMax
            ? null
            : Bad($"a room is split into {RoomLimits.GroupsMin} to {Partitioning.PartitionsMax} groups"),
        _ => Bad("a room is split by edges (1), into groups (2) or automatically (3)"),
    };

    private static ControlRefusal? CheckRole(Role role) =>
        role is Role.None or Role.Viewer or Role.Member or Role.Moderator or Role.Host
            ? null
            : Bad("a room appoints viewers, members, moderators and hosts; other roles come with a token");

    private static ControlRefusal? CheckRange(string range) =>
        Rooms.AddressRange.TryParse(range, out IPNetwork _)
            ? null
            : Bad($"an address range is written 203.0.113.0/24 or 2001:db8::/48, at least /{Rooms.AddressRange.PrefixBitsMinIPv4} or /{Rooms.AddressRange.PrefixBitsMinIPv6}");

    private static ControlRefusal? CheckPurchase(RoomControl control)
    {
        if (control.Quantity is 0 or > RoomLimits.PurchaseQuantityMax)
        {
            return Bad($"a purchase is of 1 to {RoomLimits.PurchaseQuantityMax} pieces");
        }

        return CheckProductId(control.ProductId) ?? ControlText.Check("the buyer", control.Buyer, 0, ProtocolLimits.UserIdBytesMax);
    }

    // Whatever letters a token allows: who is let in can be put out.
    private static ControlRefusal? CheckUser(string user) =>
        System.Text.Encoding.UTF8.GetByteCount(user) is > 0 and <= ProtocolLimits.UserIdBytesMax
            ? null
            : Bad($"a user's id has 1 to {ProtocolLimits.UserIdBytesMax} bytes");

    private static ControlRefusal? CheckReason(string reason) => ControlText.Check("the reason", reason, 0, RoomLimits.ReasonBytesMax);

    private static ControlRefusal? CheckProductId(string id) => ControlText.Check("the product's id", id, 1, RoomLimits.ProductIdBytesMax);
}
