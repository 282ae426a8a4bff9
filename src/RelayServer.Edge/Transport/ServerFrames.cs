using RelayServer.Protocol;

namespace RelayServer.Edge.Transport;

/// <summary>Encodes what an edge itself says to one client. Not on the path of a delivery.</summary>
internal static class ServerFrames
{
    private const int BodyBytesMax = 2 * ProtocolLimits.TextBytesMax;
    private const uint BackoffMillisecondsMax = 2000;
    private const uint BusyBackoffMillisecondsMax = 5000;

    /// <summary>
    /// A CLOSE. Who is to come back is told after how long: another time for everybody, so that many who were closed at
    /// once do not return at once.
    /// </summary>
    public static SharedFrame Close(ErrorCode code, ReadOnlySpan<byte> text)
    {
        uint backoffMillisecondsMax = code == ErrorCode.TooManyConnections ? BusyBackoffMillisecondsMax
            : code.Family() == ErrorFamily.Retry ? BackoffMillisecondsMax : 1;
        uint backoffMilliseconds = (uint)Random.Shared.NextInt64(backoffMillisecondsMax);
        Span<byte> body = stackalloc byte[BodyBytesMax];
        new CloseBody { Code = code, Text = text, BackoffMilliseconds = backoffMilliseconds }.TryEncode(body, out int bytes);
        return SharedFrame.Create(FrameType.Close, FrameFlags.None, 0, body[..bytes]);
    }

    public static SharedFrame Error(uint correlation, in ErrorBody error)
    {
        Span<byte> body = stackalloc byte[BodyBytesMax];
        error.TryEncode(body, out int bytes);
        return SharedFrame.Create(FrameType.Error, FrameFlags.None, correlation, body[..bytes]);
    }

    public static SharedFrame Joined(uint correlation, ReadOnlySpan<byte> channel, Position from, Position top)
    {
        Span<byte> body = stackalloc byte[BodyBytesMax];
        new JoinedBody { Channel = channel, From = from, Top = top }.TryEncode(body, out int bytes);
        return SharedFrame.Create(FrameType.Joined, FrameFlags.None, correlation, body[..bytes]);
    }

    /// <summary>A LEFT; with a code when nobody asked for it.</summary>
    public static SharedFrame Left(uint correlation, ReadOnlySpan<byte> channel, ErrorCode code = ErrorCode.None)
    {
        Span<byte> body = stackalloc byte[BodyBytesMax];
        new LeftBody { Channel = channel, Code = code }.TryEncode(body, out int bytes);
        return SharedFrame.Create(FrameType.Left, FrameFlags.None, correlation, body[..bytes]);
    }

    public static SharedFrame Gap(ReadOnlySpan<byte> channel, Position after, Position until, GapReason reason)
    {
        Span<byte> body = stackalloc byte[BodyBytesMax];
        new GapBody { Channel = channel, After = after, Until = until, Reason = reason }.TryEncode(body, out int bytes);
        return SharedFrame.Create(FrameType.Gap, FrameFlags.None, 0, body[..bytes]);
    }

    public static SharedFrame Draining(uint moveAfterMilliseconds, uint deadlineMilliseconds)
    {
        Span<byte> body = stackalloc byte[BodyBytesMax];
        new DrainingBody { MoveAfterMilliseconds = moveAfterMilliseconds, DeadlineMilliseconds = deadlineMilliseconds }
            .TryEncode(body, out int bytes);
        return SharedFrame.Create(FrameType.Draining, FrameFlags.None, 0, body[..bytes]);
    }
}
