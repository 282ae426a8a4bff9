using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>Handshake, versions, capabilities, heartbeats and endings, as PROTOCOL.md says them, at a running edge.</summary>
public sealed class SessionTests(EdgeFixture relay) : IClassFixture<EdgeFixture>
{
    private const string Token = "user:alice";

    [Fact]
    [Trait("Must", "R-FRAME-3")]
    public async Task Handshake_OneByteAtATime_IsWelcomed()
    {
        byte[] handshake = [.. Frame(FrameType.Hello, Hello(1, 1, Capabilities.None)), .. Frame(FrameType.Auth, Auth(Token))];
        await using WireClient client = await WireClient.ConnectAsync(relay.Endpoint);
        foreach (byte one in handshake)
        {
            await client.SendRawAsync(new[] { one });
        }

        await client.ReceiveAsync(FrameType.Welcome);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, uint.MaxValue)]
    [Trait("Must", "R-HELLO-3")]
    [Trait("Must", "R-WELCOME-2")]
    public async Task Handshake_VersionsThatIncludeOne_SpeaksOneAsTheTokensUser(uint versionMin, uint versionMax)
    {
        await using WireClient client = await WireClient.ConnectAsync(relay.Endpoint);
        await client.SendRawAsync(Frame(FrameType.Hello, Hello(versionMin, versionMax, Capabilities.None)));
        await client.SendAuthAsync(Token);
        (_, byte[] body) = await client.ReceiveAsync(FrameType.Welcome);
        Assert.Equal(DecodeStatus.Ok, WelcomeBody.TryDecode(body, out WelcomeBody welcome));
        Assert.Equal(1u, welcome.Version);
        Assert.Equal("alice"u8, welcome.UserId);
        Assert.True(welcome.IdleTimeoutMilliseconds >= 2 * welcome.HeartbeatMilliseconds);
    }

    [Theory]
    [InlineData("hello", Capabilities.Ephemeral)]
    [InlineData("hello-rooms", Capabilities.Ephemeral | Capabilities.Rooms)]
    [InlineData("hello-plain", Capabilities.None)]
    [InlineData("unknown-capability", Capabilities.Ephemeral)]
    [InlineData("extra-elements-hello", Capabilities.Ephemeral)]
    [Trait("Must", "R-CAP-1")]
    [Trait("Must", "R-CAP-2")]
    [Trait("Must", "R-BODY-1")]
    public async Task Handshake_HelloVector_IsWelcomedWithWhatBothHave(string name, Capabilities agreed)
    {
        await using WireClient client = await WireClient.ConnectAsync(relay.Endpoint);
        await client.SendRawAsync(VectorFile.Frames[name].Bytes);
        await client.SendAuthAsync(Token);
        (_, byte[] body) = await client.ReceiveAsync(FrameType.Welcome);
        Assert.Equal(DecodeStatus.Ok, WelcomeBody.TryDecode(body, out WelcomeBody welcome));
        Assert.Equal(agreed, welcome.Capabilities);
    }

    [Fact]
    [Trait("Must", "R-AUTH-3")]
    public async Task Handshake_MoreBytesThanAllowedInAll_IsClosed()
    {
        await using WireClient client = await WireClient.ConnectAsync(relay.Endpoint);
        await client.SendRawAsync(Frame(FrameType.Hello, Padded(Hello(1, 1, Capabilities.None))));
        await client.SendRawAsync(Frame(FrameType.Auth, Padded(Auth(Token))));
        Assert.Equal(ErrorCode.FrameTooLarge, await client.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [Trait("Must", "R-AUTH-4")]
    public async Task Handshake_ThatStops_IsClosedInTime(int bytesSent)
    {
        await using TestRelay impatient = await TestRelay.StartAsync(edge => edge.HandshakeTimeoutMilliseconds = 100);
        await using WireClient client = await WireClient.ConnectAsync(impatient.A);
        await client.SendRawAsync(Frame(FrameType.Hello, Hello(1, 1, Capabilities.None)).AsMemory(0, bytesSent));
        Assert.Equal(ErrorCode.HandshakeTimeout, await client.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData("expired", ErrorCode.TokenExpired)]
    [InlineData("anything", ErrorCode.TokenInvalid)]
    [Trait("Must", "R-AUTH-2")]
    public async Task Handshake_TokenNotAccepted_ClosesWithItsCode(string token, ErrorCode code)
    {
        await using WireClient client = await WireClient.ConnectAsync(relay.Endpoint);
        await client.SendHelloAsync();
        await client.SendAuthAsync(token);
        Assert.Equal(code, await client.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [Trait("Must", "R-BEAT-2")]
    [Trait("Must", "R-BEAT-4")]
    [Trait("Must", "R-FRAME-7")]
    public async Task Ping_AfterAStrayPong_IsAnsweredWithItsCorrelation(uint correlation)
    {
        await using WireClient client = await relay.SignInAsync();
        await client.SendRawAsync(VectorFile.Frames["pong"].Bytes);
        await client.SendAsync(FrameType.Ping, FrameFlags.None, correlation, _ => 0);
        (FrameHeader header, byte[] body) = await client.ReceiveAsync(FrameType.Pong);
        Assert.Equal(correlation, header.Correlation);
        Assert.Empty(body);
    }

    [Theory]
    [InlineData("AwaitHello")]
    [InlineData("AwaitAuth")]
    [InlineData("Ready")]
    [Trait("Must", "R-CLOSE-4")]
    [Trait("Must", "R-STATE-3")]
    public async Task Close_FromTheClient_EndsTheConnectionWithoutAnError(string state)
    {
        await using WireClient client = state == "Ready" ? await relay.SignInAsync() : await WireClient.ConnectAsync(relay.Endpoint);
        if (state == "AwaitAuth")
        {
            await client.SendHelloAsync();
        }

        await client.SendRawAsync(VectorFile.Frames["close-none"].Bytes);
        Assert.True(await client.IsEndAsync());
    }

    private static byte[] Frame(FrameType type, byte[] body)
    {
        var frame = new byte[FrameHeader.SizeBytes + body.Length];
        new FrameHeader((uint)body.Length, type, FrameFlags.None, 0).Write(frame);
        body.CopyTo(frame, FrameHeader.SizeBytes);
        return frame;
    }

    private static byte[] Hello(uint versionMin, uint versionMax, Capabilities capabilities)
    {
        var body = new byte[256];
        new HelloBody { VersionMin = versionMin, VersionMax = versionMax, Capabilities = capabilities }.TryEncode(body, out int bytes);
        return body[..bytes];
    }

    private static byte[] Auth(string token)
    {
        var body = new byte[256];
        new AuthBody { Token = System.Text.Encoding.UTF8.GetBytes(token) }.TryEncode(body, out int bytes);
        return body[..bytes];
    }

    // As long as a frame may be, by an element of a later revision.
    private static byte[] Padded(byte[] body)
    {
        byte[] padding = new byte[ProtocolLimits.HandshakeFrameBytesMax - body.Length - 3];
        byte[] head = [0xc5, (byte)(padding.Length >> 8), (byte)padding.Length];
        return [(byte)(body[0] + 1), .. body.AsSpan(1), .. head, .. padding];
    }
}
