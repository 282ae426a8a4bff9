using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Bounds of what a room keeps in mind.</summary>
public static class RoomLimits
{
    /// <summary>Generations of a room that are listed, the current one included; the logs of older ones are dropped.</summary>
    public const int GenerationsMax = 32;

    /// <summary>Bytes that the listed generations take encoded; above it the oldest are dropped earlier.</summary>
    public const int GenerationsBytesMax = 64 * 1024;

    /// <summary>Banned users.</summary>
    public const int BansMax = 1000;

    /// <summary>Muted users.</summary>
    public const int MutesMax = 1000;

    /// <summary>Users with a role of their own in the room, besides its owner.</summary>
    public const int AppointedMax = 200;

    /// <summary>Banned ranges of addresses.</summary>
    public const int AddressBansMax = 200;

    /// <summary>Deleted messages that are kept in mind until their age drops them from the log.</summary>
    public const int DeletedMax = 1000;

    /// <summary>Pinned product cards.</summary>
    public const int ProductsMax = ProtocolLimits.ProductsMax;

    /// <summary>Settings in one control.</summary>
    public const int SettingsInControlMax = ProtocolLimits.SettingsMax;

    /// <summary>A title, of a room or a product, in bytes.</summary>
    public const int TitleBytesMax = ProtocolLimits.TitleBytesMax;

    /// <summary>A description, in bytes.</summary>
    public const int DescriptionBytesMax = ProtocolLimits.RoomTextBytesMax;

    /// <summary>A pinned notice, in bytes.</summary>
    public const int NoticeBytesMax = ProtocolLimits.RoomTextBytesMax;

    /// <summary>The reason of a mute, kick or ban, in bytes.</summary>
    public const int ReasonBytesMax = ProtocolLimits.ReasonBytesMax;

    /// <summary>The id of a product, in bytes.</summary>
    public const int ProductIdBytesMax = ProtocolLimits.ProductIdBytesMax;

    /// <summary>The link of a product, in bytes.</summary>
    public const int LinkBytesMax = ProtocolLimits.LinkBytesMax;

    /// <summary>Letters of a currency's code (ISO 4217).</summary>
    public const int CurrencyLetters = ProtocolLimits.CurrencyBytesMax;

    /// <summary>Topics that a room or an inbox subscribes to.</summary>
    public const int SubscriptionsMax = ProtocolLimits.SubscriptionsMax;

    /// <summary>How long a subscription can be made for, in years of 365 days.</summary>
    public const int SubscriptionYearsMax = 10;

    /// <summary>Services that a room lets in besides those that it subscribes to topics of.</summary>
    public const int InvitedServicesMax = 32;

    /// <summary>That a subscription is going to end is said when a tenth of its time is left, but so long before at most, in milliseconds.</summary>
    public const ulong SubscriptionNoticeMillisecondsMax = 24 * 3_600_000;

    /// <summary>And so long before at least, in milliseconds; at once when the whole time is shorter.</summary>
    public const ulong SubscriptionNoticeMillisecondsMin = 10_000;

    /// <summary>Pieces in a purchase.</summary>
    public const uint PurchaseQuantityMax = 1_000_000;

    /// <summary>Least groups that a room can be split into.</summary>
    public const int GroupsMin = 2;

    /// <summary>An address range as text, in bytes.</summary>
    public const int AddressRangeBytesMax = 64;

    /// <summary>The state of a room, encoded, in bytes.</summary>
    public const int StateBytesMax = 512 * 1024;

    /// <summary>How long somebody who was kicked stays out, in milliseconds.</summary>
    public const uint KickMilliseconds = 10_000;

    /// <summary>Seconds that mean: for good.</summary>
    public const uint ForGoodSeconds = uint.MaxValue;

    /// <summary>The time that never comes, in milliseconds since 1970.</summary>
    internal const ulong NeverMilliseconds = ProtocolLimits.NumberMax;
}
