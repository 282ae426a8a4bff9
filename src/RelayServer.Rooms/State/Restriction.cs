namespace RelayServer.Rooms;

/// <summary>What is laid on a user or a range of addresses for a time.</summary>
/// <param name="UntilMilliseconds">When it ends, in milliseconds since 1970 UTC; <see cref="long.MaxValue"/>: never.</param>
/// <param name="ByRole">What the one was who laid it on: nobody lower may lift it.</param>
/// <param name="IsKick">True for the short ban that a kick is.</param>
public readonly record struct Restriction(ulong UntilMilliseconds, Role ByRole, bool IsKick = false)
{
    internal const int FieldCount = 3;

    /// <summary>True until it ends.</summary>
    public bool IsInForce(ulong nowMilliseconds) => nowMilliseconds < UntilMilliseconds;

    /// <summary>One that lasts for some seconds from now; <see cref="RoomLimits.ForGoodSeconds"/>: for good.</summary>
    internal static Restriction For(uint seconds, ulong nowMilliseconds, Role byRole) => new(
        seconds == RoomLimits.ForGoodSeconds ? RoomLimits.NeverMilliseconds : Math.Min(RoomLimits.NeverMilliseconds, nowMilliseconds + (1000UL * seconds)),
        byRole);

    /// <summary>How long it still lasts, for an answer, in milliseconds; 0: for longer than that can say.</summary>
    internal uint LeftMilliseconds(ulong nowMilliseconds) =>
        UntilMilliseconds - nowMilliseconds is > 0 and <= uint.MaxValue and ulong left ? (uint)left : 0;
}
