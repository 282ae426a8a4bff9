using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>What a room or an inbox has subscribed to.</summary>
/// <param name="Topic">As service.topic.</param>
/// <param name="Subjects">The subjects chosen, in the order of their bytes; none for all.</param>
/// <param name="ExpiresAtMilliseconds">When it ends, in milliseconds since 1970 UTC; 0: never.</param>
/// <param name="SinceMilliseconds">When it was made, or changed last.</param>
/// <param name="By">The user who did that.</param>
public sealed record Subscription(string Topic, IReadOnlyList<string> Subjects, ulong ExpiresAtMilliseconds, ulong SinceMilliseconds, string By)
{
    internal const int FieldCount = 7;

    // The last one came later.
    internal const int FieldCountMin = 6;

    // Of the whole time.
    private const ulong NoticeFraction = 10;

    /// <summary>When it was made, however often it was changed since.</summary>
    public ulong MadeAtMilliseconds { get; init; } = SinceMilliseconds;

    /// <summary>That it ends soon has been said.</summary>
    public bool IsNoticed { get; init; }

    /// <summary>When something is to be said or done about it; null: never.</summary>
    public ulong? DueMilliseconds => ExpiresAtMilliseconds == 0 ? null : IsNoticed ? ExpiresAtMilliseconds : NoticeMilliseconds;

    internal int EncodedBytesMax => BytesMax(Topic, Subjects, By);

    private ulong NoticeMilliseconds => Math.Max(
        SinceMilliseconds,
        ExpiresAtMilliseconds - Math.Min(
            ExpiresAtMilliseconds,
            Math.Clamp(
                (ExpiresAtMilliseconds - SinceMilliseconds) / NoticeFraction,
                RoomLimits.SubscriptionNoticeMillisecondsMin, RoomLimits.SubscriptionNoticeMillisecondsMax)));

    /// <summary>True when it has chosen one of these subjects, or all.</summary>
    public bool Wants(IReadOnlyCollection<string> subjects) => Subjects.Count == 0 || Subjects.Any(subjects.Contains);

    /// <summary>True when there was this subscription, whatever its subjects, at a time.</summary>
    public bool WasInForce(ulong atMilliseconds) => MadeAtMilliseconds <= atMilliseconds && (ExpiresAtMilliseconds == 0 || atMilliseconds < ExpiresAtMilliseconds);

    internal static Subscription Of(RoomControl control, string by, ulong nowMilliseconds) =>
        new(control.Topic, [.. control.Subjects.Order(Utf8Order.Instance)], control.ExpiresAtMilliseconds, nowMilliseconds, by);

    internal static int BytesMax(RoomControl control) => BytesMax(control.Topic, control.Subjects, new string(' ', ProtocolLimits.UserIdBytesMax));

    private static int BytesMax(string topic, IReadOnlyList<string> subjects, string by) =>
        1 + (FieldCount * MessagePackWriter.IntegerBytesMax) + ControlWriter.Utf8Bytes(topic) + ControlWriter.BytesMax(subjects) + ControlWriter.Utf8Bytes(by);
}
