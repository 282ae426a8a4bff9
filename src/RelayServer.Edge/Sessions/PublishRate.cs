namespace RelayServer.Edge.Sessions;

/// <summary>What a session may publish in a second, in messages and in bytes; either may be without a limit.</summary>
internal sealed class PublishRate(EdgeOptions options)
{
    private readonly RateLimit _messages = RateLimit.Of(options.PublishesPerSecondMax);
    private readonly RateLimit _bytes = RateLimit.Of(options.PublishBytesPerSecondMax);

    /// <summary>
    /// Publishes that may be unanswered: about what passes in a second at most, so that a client that is refused has
    /// little to send again, and all of it passes then.
    /// </summary>
    public int WindowMessages { get; } = Math.Min(
        options.PublishWindowMessages,
        Math.Min(Within(options.PublishesPerSecondMax, 1), Within(options.PublishBytesPerSecondMax, options.PayloadBytesMax)));

    /// <summary>0 when the session may publish so many bytes now, else the milliseconds to wait.</summary>
    public uint Wait(EdgeSession session, int bytes, ulong nowMilliseconds)
    {
        // What comes during a wait of one bucket must not close the other for longer than was told.
        uint closed = Math.Max(session.Publishes.ClosedFor(nowMilliseconds), session.PublishBytes.ClosedFor(nowMilliseconds));
        return closed > 0
            ? closed
            : Math.Max(session.Publishes.Wait(_messages, 1, nowMilliseconds), session.PublishBytes.Wait(_bytes, bytes, nowMilliseconds));
    }

    /// <summary>Counts a publish for which <see cref="Wait"/> was 0.</summary>
    public void Take(EdgeSession session, int bytes, ulong nowMilliseconds)
    {
        session.Publishes.Take(_messages, 1, nowMilliseconds);
        session.PublishBytes.Take(_bytes, bytes, nowMilliseconds);
    }

    private static int Within(int perSecond, int each) => perSecond == 0 ? int.MaxValue : Math.Max(1, perSecond / each);
}
