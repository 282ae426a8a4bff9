using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>What is laid on a user or a range of addresses for a time.</summary>
/// <param name="UntilMilliseconds">When it ends, in milliseconds since 1970 UTC; <see cref="long.MaxValue"/>: never.</param>
/// <param name="ByRole">What the one was who laid it on: nobody lower may lift it.</param>
/// <param name="IsKick">True for the short ban that a kick is.</param>
/// <param name="Reason">Why, for the one on whom it is laid; of a range of addresses none, for they are several.</param>
public readonly record struct Restriction(ulong UntilMilliseconds, Role ByRole, bool IsKick = false, string Reason = "")
{
    internal const int FieldCount = 3;

    private const ulong CountedMax = 120;
    private const ulong SecondMilliseconds = 1000;
    private const ulong MinuteMilliseconds = 60 * SecondMilliseconds;
    private const ulong HourMilliseconds = 60 * MinuteMilliseconds;
    private const ulong DayMilliseconds = 24 * HourMilliseconds;

    /// <summary>True until it ends.</summary>
    public bool IsInForce(ulong nowMilliseconds) => nowMilliseconds < UntilMilliseconds;

    /// <summary>It never ends.</summary>
    public bool IsForGood => UntilMilliseconds == RoomLimits.NeverMilliseconds;

    /// <summary>One that lasts for some seconds from now; <see cref="RoomLimits.ForGoodSeconds"/>: for good.</summary>
    internal static Restriction For(uint seconds, ulong nowMilliseconds, Role byRole, string reason = "") => new(
        seconds == RoomLimits.ForGoodSeconds ? RoomLimits.NeverMilliseconds : Math.Min(RoomLimits.NeverMilliseconds, nowMilliseconds + (1000UL * seconds)),
        byRole,
        Reason: reason);

    /// <summary>Refuses what it does not allow, with how long it still lasts, and why.</summary>
    /// <param name="code">What it is.</param>
    /// <param name="what">The same in words: <c>you are muted in this room</c>.</param>
    /// <param name="nowMilliseconds">The time; it is in force.</param>
    internal ControlRefusal Refuse(ErrorCode code, string what, ulong nowMilliseconds)
    {
        ulong leftMilliseconds = UntilMilliseconds - nowMilliseconds;
        string duration = IsForGood ? "for good" : $"for {Left(leftMilliseconds)} more";

        // 0: for longer than that number can say.
        uint retryMilliseconds = leftMilliseconds <= uint.MaxValue ? (uint)leftMilliseconds : 0;
        return new ControlRefusal(code, string.IsNullOrEmpty(Reason) ? $"{what} {duration}" : $"{what} {duration}: {Reason}", retryMilliseconds);
    }

    // In the unit that is short to read, and rounded up: who comes back after that is let in.
    private static string Left(ulong milliseconds) => milliseconds switch
    {
        <= CountedMax * SecondMilliseconds => Whole(milliseconds, SecondMilliseconds, "s"),
        <= CountedMax * MinuteMilliseconds => Whole(milliseconds, MinuteMilliseconds, "minutes"),
        <= CountedMax * HourMilliseconds => Whole(milliseconds, HourMilliseconds, "hours"),
        _ => Whole(milliseconds, DayMilliseconds, "days"),
    };

    private static string Whole(ulong milliseconds, ulong unitMilliseconds, string unit) => $"{(milliseconds + unitMilliseconds - 1) / unitMilliseconds} {unit}";
}
