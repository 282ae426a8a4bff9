using System.Buffers;
using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>The one way to authentication, byte by byte.</summary>
public sealed class HandshakeTests
{
    private static readonly byte[] Hello = Body(span =>
    {
        new HelloBody { VersionMin = 1, VersionMax = 1, Capabilities = Capabilities.Ephemeral, Agent = "test"u8 }.TryEncode(span, out int bytes);
        return bytes;
    });

    private static readonly byte[] Auth = Body(span =>
    {
        new AuthBody { Token = "token"u8 }.TryEncode(span, out int bytes);
        return bytes;
    });

    [Fact]
    public void Take_CutAtEveryByte_SameToken()
    {
        byte[] both = [.. Frame(FrameType.Hello, Hello), .. Frame(FrameType.Auth, Auth)];
        for (int cut = 0; cut <= both.Length; cut++)
        {
            var handshake = new Handshake();
            var buffer = new ReadOnlySequence<byte>(both, 0, cut);
            handshake.Take(ref buffer);
            byte[] rest = [.. buffer.ToArray(), .. both[cut..]];
            buffer = new ReadOnlySequence<byte>(rest);
            handshake.Take(ref buffer);
            Assert.Equal(("token", Capabilities.Ephemeral, 0L), (handshake.Token, handshake.Capabilities, buffer.Length));
        }
    }

    [Fact]
    public void Take_FramesBehindAuth_AreLeftForTheSession()
    {
        byte[] all = [.. Frame(FrameType.Hello, Hello), .. Frame(FrameType.Auth, Auth), .. Frame(FrameType.Ping, [])];
        (Handshake handshake, long left) = Take(all);
        Assert.Equal(("token", (long)FrameHeader.SizeBytes), (handshake.Token, left));
    }

    [Theory]
    [InlineData(FrameType.Auth)]
    [InlineData(FrameType.Ping)]
    [InlineData(FrameType.Publish)]
    [Trait("Must", "R-STATE-1")]
    public void Take_AnythingButHelloFirst_IllegalState(FrameType type) =>
        Assert.Equal(ErrorCode.IllegalState, Take(Frame(type, [])).Handshake.Failure?.Code);

    [Theory]
    [InlineData(FrameType.Hello)]
    [InlineData(FrameType.Join)]
    [Trait("Must", "R-STATE-1")]
    public void Take_AnythingButAuthAfterHello_IllegalState(FrameType type) =>
        Assert.Equal(ErrorCode.IllegalState, Take([.. Frame(FrameType.Hello, Hello), .. Frame(type, Hello)]).Handshake.Failure?.Code);

    [Theory]
    [InlineData((FrameType)0)]
    [InlineData((FrameType)0x77)]
    [Trait("Must", "R-FRAME-5")]
    public void Take_TypeThatNobodyKnows_UnknownFrameTypeInBothStates(FrameType type)
    {
        Assert.Equal(ErrorCode.UnknownFrameType, Take(Frame(type, [])).Handshake.Failure?.Code);
        Assert.Equal(ErrorCode.UnknownFrameType, Take([.. Frame(FrameType.Hello, Hello), .. Frame(type, [])]).Handshake.Failure?.Code);
    }

    [Fact]
    [Trait("Must", "R-FRAME-2")]
    public void Take_HeaderOfTooLongAFrame_FrameTooLargeBeforeItsBody()
    {
        byte[] large = new byte[FrameHeader.SizeBytes];
        new FrameHeader(ProtocolLimits.HandshakeFrameBytesMax + 1, FrameType.Hello, FrameFlags.None, 0).Write(large);
        Assert.Equal(ErrorCode.FrameTooLarge, Take(large).Handshake.Failure?.Code);
        Assert.Equal(ErrorCode.FrameTooLarge, Take([.. Frame(FrameType.Hello, Hello), .. large]).Handshake.Failure?.Code);
    }

    [Fact]
    public void Take_StrayHttpRequest_BadMagicAtItsFirstHeader() =>
        Assert.Equal(ErrorCode.BadMagic, Take("GET / HTTP/1.1\r\n"u8.ToArray()).Handshake.Failure?.Code);

    [Fact]
    public void Take_Close_IsGoodbyeInBothStates()
    {
        Assert.True(Take(Frame(FrameType.Close, [0xc1])).Handshake.IsGoodbye);
        Assert.True(Take([.. Frame(FrameType.Hello, Hello), .. Frame(FrameType.Close, [])]).Handshake.IsGoodbye);
    }

    private static (Handshake Handshake, long Left) Take(byte[] bytes)
    {
        var handshake = new Handshake();
        var buffer = new ReadOnlySequence<byte>(bytes);
        handshake.Take(ref buffer);
        return (handshake, buffer.Length);
    }

    private static byte[] Frame(FrameType type, byte[] body) => ClientFrames.Frame(type, FrameFlags.None, 0, body);

    private static byte[] Body(Func<byte[], int> write)
    {
        var bytes = new byte[256];
        return bytes[..write(bytes)];
    }
}
