using RelayServer.Bench.Measurement;
using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Sessions;

/// <summary>What WELCOME told a session.</summary>
/// <param name="HeartbeatNanoseconds">A PING is due after this long without sending.</param>
/// <param name="PublishWindowMessages">Most publishes that may be unanswered.</param>
/// <param name="PayloadBytesMax">Largest payload.</param>
internal readonly record struct SessionLimits(long HeartbeatNanoseconds, int PublishWindowMessages, int PayloadBytesMax)
{
    private const long NanosecondsPerMillisecond = Clock.NanosecondsPerSecond / 1000;

    /// <summary>Reads the limits from a WELCOME; false when it cannot be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out SessionLimits limits)
    {
        bool read = WelcomeBody.TryDecode(body, out WelcomeBody welcome) == DecodeStatus.Ok;
        limits = new SessionLimits(
            welcome.HeartbeatMilliseconds * NanosecondsPerMillisecond,
            (int)Math.Min(welcome.PublishWindowMessages, int.MaxValue),
            (int)Math.Min(welcome.PayloadBytesMax, int.MaxValue));
        return read;
    }
}
