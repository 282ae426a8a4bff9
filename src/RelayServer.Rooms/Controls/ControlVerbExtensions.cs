namespace RelayServer.Rooms;

/// <summary>What a control is called, and what it is in the table of rights.</summary>
public static class ControlVerbExtensions
{
    /// <summary>The verb's name in the specification: <c>start</c>, <c>ban_address</c>.</summary>
    public static string Name(this ControlVerb verb) => verb switch
    {
        ControlVerb.BanAddress => "ban_address",
        ControlVerb.ProductRemoved => "product_removed",
        _ => verb.ToString().ToLowerInvariant(),
    };

    /// <summary>The right that a control needs; null for a verb that there is not.</summary>
    public static RoomVerb? Needs(this ControlVerb verb) => verb switch
    {
        ControlVerb.Create => RoomVerb.Create,
        ControlVerb.Set => RoomVerb.Set,
        ControlVerb.Start => RoomVerb.Start,
        ControlVerb.End => RoomVerb.End,
        ControlVerb.Split => RoomVerb.Split,
        ControlVerb.Merge => RoomVerb.Merge,
        ControlVerb.Appoint => RoomVerb.Appoint,
        ControlVerb.Mute => RoomVerb.Mute,
        ControlVerb.Kick => RoomVerb.Kick,
        ControlVerb.Ban => RoomVerb.Ban,
        ControlVerb.BanAddress => RoomVerb.BanAddress,
        ControlVerb.Delete => RoomVerb.Delete,
        ControlVerb.Notice => RoomVerb.Notice,
        ControlVerb.Product or ControlVerb.ProductRemoved => RoomVerb.Product,
        ControlVerb.Purchase => RoomVerb.Purchase,
        ControlVerb.Subscribe or ControlVerb.Unsubscribe => RoomVerb.Subscribe,
        ControlVerb.Invite => RoomVerb.Invite,
        _ => null,
    };
}
