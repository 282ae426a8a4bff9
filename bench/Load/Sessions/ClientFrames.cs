using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Sessions;

/// <summary>Encodes the frames that a client sends to become and stay a member.</summary>
internal static class ClientFrames
{
    /// <summary>Most bytes that <see cref="WriteHandshake"/> takes.</summary>
    public const int HandshakeBytesMax = ProtocolLimits.HandshakeBytesMax;

    /// <summary>Most bytes that <see cref="WriteJoin"/> takes.</summary>
    public const int JoinBytesMax = 512;

    private static ReadOnlySpan<byte> Agent => "relay-bench"u8;

    /// <summary>Writes HELLO and AUTH, which may be sent together; returns their length.</summary>
    public static int WriteHandshake(Span<byte> destination, ReadOnlySpan<byte> token)
    {
        var hello = new HelloBody
        {
            VersionMin = ProtocolLimits.Version,
            VersionMax = ProtocolLimits.Version,
            Capabilities = Capabilities.None,
            Agent = Agent,
        };
        bool fits = hello.TryEncode(destination[FrameHeader.SizeBytes..], out int bodyBytes);
        int written = Seal(destination, FrameType.Hello, FrameFlags.None, 0, bodyBytes);
        var auth = new AuthBody { Token = token };
        Span<byte> second = destination[written..];
        fits &= auth.TryEncode(second[FrameHeader.SizeBytes..], out bodyBytes);
        Require(fits, FrameType.Auth);
        return written + Seal(second, FrameType.Auth, FrameFlags.None, 0, bodyBytes);
    }

    /// <summary>Writes a JOIN that takes what comes from now on; returns its length.</summary>
    public static int WriteJoin(Span<byte> destination, ReadOnlySpan<byte> channel, uint correlation)
    {
        var join = new JoinBody { Channel = channel, Start = JoinStart.Live };
        Require(join.TryEncode(destination[FrameHeader.SizeBytes..], out int bodyBytes), FrameType.Join);
        return Seal(destination, FrameType.Join, FrameFlags.None, correlation, bodyBytes);
    }

    /// <summary>Writes a PUBLISH that wants an ack; returns its length, or 0 when it does not fit.</summary>
    public static int WritePublish(Span<byte> destination, in PublishBody publish)
    {
        if (destination.Length < FrameHeader.SizeBytes
            || !publish.TryEncode(destination[FrameHeader.SizeBytes..], out int bodyBytes))
        {
            return 0;
        }

        return Seal(destination, FrameType.Publish, FrameFlags.AckWanted, 0, bodyBytes);
    }

    /// <summary>Writes PING or PONG; returns its length.</summary>
    public static int WriteHeartbeat(Span<byte> destination, FrameType type, uint correlation) =>
        Seal(destination, type, FrameFlags.None, correlation, 0);

    private static int Seal(Span<byte> frame, FrameType type, FrameFlags flags, uint correlation, int bodyBytes)
    {
        new FrameHeader((uint)bodyBytes, type, flags, correlation).Write(frame);
        return FrameHeader.SizeBytes + bodyBytes;
    }

    private static void Require(bool fits, FrameType type)
    {
        if (!fits)
        {
            throw new ArgumentException($"A {type} frame with these fields is larger than the protocol allows.");
        }
    }
}
