using System.Buffers;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Edge.Sessions;

/// <summary>
/// The only way to authentication, as a state machine: HELLO, then AUTH, each once, within the handshake's limits.
/// Ends with a token to validate or with the reason to close.
/// </summary>
internal sealed class Handshake
{
    private bool _hasHello;
    private long _takenBytes;

    public Capabilities Capabilities { get; private set; }

    /// <summary>The token, once AUTH was taken.</summary>
    public string? Token { get; private set; }

    /// <summary>Why to close; null while all is well.</summary>
    public (ErrorCode Code, string Problem)? Failure { get; private set; }

    /// <summary>The client has ended it.</summary>
    public bool IsGoodbye { get; private set; }

    public bool IsOver => Token is not null || Failure is not null || IsGoodbye;

    /// <summary>Takes the complete frames at the front of what was received, up to the end of the handshake.</summary>
    public void Take(ref ReadOnlySequence<byte> buffer)
    {
        while (!IsOver)
        {
            long before = buffer.Length;
            FrameReadStatus status = FrameReader.TryRead(
                ref buffer, ProtocolLimits.HandshakeFrameBytesMax, out FrameHeader header, out ReadOnlySequence<byte> body);
            _takenBytes += before - buffer.Length;
            switch (status)
            {
                case FrameReadStatus.Incomplete:
                    return;
                case FrameReadStatus.BadHeader:
                    Fail(ErrorCode.BadMagic, "these bytes are not the relay protocol");
                    return;
                case FrameReadStatus.TooLarge:
                    Fail(
                        ErrorCode.FrameTooLarge,
                        $"a frame before WELCOME has at most {ProtocolLimits.HandshakeFrameBytesMax} bytes");
                    return;
            }

            if (_takenBytes > ProtocolLimits.HandshakeBytesMax)
            {
                Fail(ErrorCode.FrameTooLarge, $"a client sends at most {ProtocolLimits.HandshakeBytesMax} bytes before WELCOME");
                return;
            }

            TakeFrame(header, body.IsSingleSegment ? body.FirstSpan : body.ToArray());
        }
    }

    private void TakeFrame(FrameHeader header, ReadOnlySpan<byte> body)
    {
        bool isExpected = header.Type == (_hasHello ? FrameType.Auth : FrameType.Hello);
        if (!Enum.IsDefined(header.Type))
        {
            Fail(ErrorCode.UnknownFrameType, "this is not a frame type of the relay protocol");
        }
        else if (header.Type == FrameType.Close)
        {
            IsGoodbye = true;
        }
        else if (!isExpected)
        {
            Fail(ErrorCode.IllegalState, _hasHello ? "AUTH is expected here" : "HELLO is expected first");
        }
        else if (header.Flags != FrameFlags.None)
        {
            Fail(ErrorCode.BadFlags, "frames before WELCOME have no flags");
        }
        else if (_hasHello)
        {
            TakeAuth(body);
        }
        else
        {
            TakeHello(body);
        }
    }

    private void TakeHello(ReadOnlySpan<byte> body)
    {
        DecodeStatus status = HelloBody.TryDecode(body, out HelloBody hello);
        if (!hello.MagicMatches)
        {
            Fail(ErrorCode.BadMagic, "HELLO begins with \"RELAY\"");
        }
        else if (status != DecodeStatus.Ok)
        {
            Fail(ErrorCode.MalformedBody, "the body of HELLO could not be read");
        }
        else if (hello.VersionMin > ProtocolLimits.Version || hello.VersionMax < ProtocolLimits.Version)
        {
            Fail(ErrorCode.UnsupportedVersion, $"this server speaks protocol version {ProtocolLimits.Version}");
        }
        else
        {
            _hasHello = true;
            Capabilities = hello.Capabilities;
        }
    }

    private void TakeAuth(ReadOnlySpan<byte> body)
    {
        if (AuthBody.TryDecode(body, out AuthBody auth) != DecodeStatus.Ok)
        {
            Fail(ErrorCode.MalformedBody, "the body of AUTH could not be read");
        }
        else
        {
            Token = Encoding.UTF8.GetString(auth.Token);
        }
    }

    private void Fail(ErrorCode code, string problem) => Failure = (code, problem);
}
