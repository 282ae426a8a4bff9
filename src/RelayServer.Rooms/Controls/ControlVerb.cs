namespace RelayServer.Rooms;

/// <summary>Kinds of changes of a room: the first element of a control's payload.</summary>
public enum ControlVerb : byte
{
    /// <summary><c>[title, description, starts_at_ms]</c></summary>
    Create = 1,

    /// <summary><c>[[setting, value]…]</c></summary>
    Set = 2,

    /// <summary>No arguments.</summary>
    Start = 3,

    /// <summary>No arguments.</summary>
    End = 4,

    /// <summary><c>[mode, groups]</c></summary>
    Split = 5,

    /// <summary>No arguments.</summary>
    Merge = 6,

    /// <summary><c>[user, role]</c></summary>
    Appoint = 8,

    /// <summary><c>[user, seconds, reason]</c></summary>
    Mute = 9,

    /// <summary><c>[user, reason]</c></summary>
    Kick = 10,

    /// <summary><c>[user, seconds, reason]</c></summary>
    Ban = 11,

    /// <summary><c>[cidr, seconds, reason]</c></summary>
    BanAddress = 12,

    /// <summary><c>[user, producer_id, number]</c></summary>
    Delete = 13,

    /// <summary><c>[text]</c></summary>
    Notice = 14,

    /// <summary><c>[id, title, price_minor, currency, stock, link]</c></summary>
    Product = 15,

    /// <summary><c>[id]</c></summary>
    ProductRemoved = 16,

    /// <summary><c>[product_id, quantity, buyer]</c></summary>
    Purchase = 17,

    /// <summary><c>[topic, [subject…], expires_at_ms]</c></summary>
    Subscribe = 18,

    /// <summary><c>[topic]</c></summary>
    Unsubscribe = 19,

    /// <summary><c>[service, 0|1]</c></summary>
    Invite = 20,
}
