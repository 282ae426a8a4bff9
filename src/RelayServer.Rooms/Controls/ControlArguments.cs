using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The arguments of all controls. What is the same in several is here once.</summary>
internal static class ControlArguments
{
    public static readonly ControlArgument Title = ControlArgument.Text("title", 0, RoomLimits.TitleBytesMax);
    public static readonly ControlArgument Description = ControlArgument.Text("description", 0, RoomLimits.DescriptionBytesMax, lines: true);
    public static readonly ControlArgument StartsAt = ControlArgument.Number("starts_at_ms", 0, ProtocolLimits.NumberMax);

    public static readonly ControlArgument Settings = new("settings", $"1 to {RoomLimits.SettingsInControlMax} settings, each [number, value]");

    public static readonly ControlArgument Mode = new("mode", "1 (edges), 2 (groups) or 3 (automatic)");
    public static readonly ControlArgument Groups = new("groups", $"{RoomLimits.GroupsMin} to {Partitioning.PartitionsMax}; only a split into groups has any");

    public static readonly ControlArgument User = new("user", $"a user id of 1 to {ProtocolLimits.UserIdBytesMax} bytes");
    public static readonly ControlArgument Role = new("role", "0 (none), 1 (viewer), 2 (member), 4 (moderator) or 5 (host); other roles come with a token");
    public static readonly ControlArgument Seconds = ControlArgument.Number("seconds", 0, RoomLimits.ForGoodSeconds);
    public static readonly ControlArgument Reason = ControlArgument.Text("reason", 0, RoomLimits.ReasonBytesMax);
    public static readonly ControlArgument Range = new(
        "range",
        $"an address range such as 203.0.113.0/24 or 2001:db8::/48, at least /{AddressRange.PrefixBitsMinIPv4} or /{AddressRange.PrefixBitsMinIPv6}");

    public static readonly ControlArgument ProducerId = ControlArgument.Number("producer_id", 0, ulong.MaxValue);
    public static readonly ControlArgument Number = ControlArgument.Number("number", 0, ProtocolLimits.NumberMax);

    public static readonly ControlArgument Notice = ControlArgument.Text("text", 0, RoomLimits.NoticeBytesMax, lines: true);

    public static readonly ControlArgument Id = ControlArgument.Text("id", 1, RoomLimits.ProductIdBytesMax);
    public static readonly ControlArgument ProductTitle = ControlArgument.Text("title", 1, RoomLimits.TitleBytesMax);
    public static readonly ControlArgument Price = ControlArgument.Number("price_minor", 0, ProtocolLimits.NumberMax);
    public static readonly ControlArgument Currency = new("currency", "three capital letters, such as EUR");
    public static readonly ControlArgument Stock = ControlArgument.Number("stock", 0, uint.MaxValue);
    public static readonly ControlArgument Link = new("link", $"empty, or an https:// or http:// address of at most {RoomLimits.LinkBytesMax} bytes");

    public static readonly ControlArgument Topic = new(
        "topic", $"service.topic, in small letters, digits and '-', at most {ProtocolLimits.TopicNameBytesMax} bytes");
    public static readonly ControlArgument Subjects = new(
        "subjects", $"at most {ProtocolLimits.SubjectsMax} different subjects of 1 to {ProtocolLimits.SubjectBytesMax} bytes");
    public static readonly ControlArgument ExpiresAt = new(
        "expires_at_ms", $"0 for never, or a time to come, in milliseconds since 1970, at most {RoomLimits.SubscriptionYearsMax} years from now");
    public static readonly ControlArgument Service = new(
        "service", $"the name of a service: a small letter, then small letters, digits and '-', at most {ProtocolLimits.ServiceWordBytesMax}");
    public static readonly ControlArgument Invited = ControlArgument.Number("invited", 0, 1);

    public static readonly ControlArgument ProductId = Id with { Name = "product_id" };
    public static readonly ControlArgument Quantity = ControlArgument.Number("quantity", 1, RoomLimits.PurchaseQuantityMax);
    public static readonly ControlArgument Buyer = ControlArgument.Text("buyer", 0, ProtocolLimits.UserIdBytesMax);
}
