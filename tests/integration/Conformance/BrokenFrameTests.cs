using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>Every vector that must be refused, sent to a running edge; sessions next to it live on.</summary>
public sealed class BrokenFrameTests(EdgeFixture relay) : IClassFixture<EdgeFixture>
{
    private static readonly FrameType[] FromClients =
        [
            FrameType.Hello, FrameType.Auth, FrameType.Ping, FrameType.Pong, FrameType.Join, FrameType.Leave, FrameType.Publish, FrameType.Query,
            FrameType.Command, FrameType.Register, FrameType.Return, FrameType.React,
        ];

    public static TheoryData<string> RefusedNames => [.. VectorFile.Refused.All.Select(vector => vector.Name)];

    public static TheoryData<string> MalformedNames =>
        [.. VectorFile.Malformed.All.Where(vector => FromClients.Contains(vector.Type)).Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(RefusedNames))]
    [Trait("Must", "R-FRAME-1")]
    [Trait("Must", "R-FRAME-2")]
    [Trait("Must", "R-FRAME-4")]
    [Trait("Must", "R-FRAME-5")]
    [Trait("Must", "R-STATE-1")]
    [Trait("Must", "R-HELLO-2")]
    [Trait("Must", "R-HELLO-3")]
    [Trait("Must", "R-AUTH-2")]
    [Trait("Must", "R-NAME-2")]
    [Trait("Must", "R-PUB-8")]
    [Trait("Must", "R-PUB-10")]
    [Trait("Must", "R-CLOSE-1")]
    [Trait("Must", "R-CAP-4")]
    [Trait("Must", "R-CTRL-4")]
    [Trait("Must", "R-CTRL-9")]
    [Trait("Must", "R-CTRL-10")]
    [Trait("Must", "R-QUERY-2")]
    [Trait("Must", "R-REACT-3")]
    public async Task Edge_RefusedVector_AnswersWithItsCode(string name)
    {
        Vector vector = VectorFile.Refused[name];
        var code = Enum.Parse<ErrorCode>(vector.Json["code"]!.GetValue<string>());
        Capabilities capabilities = vector.Json["capabilities"]!.AsArray().Aggregate(
            Capabilities.None, (all, one) => all | Enum.Parse<Capabilities>(one!.GetValue<string>(), ignoreCase: true));
        await using WireClient client = await InStateAsync(vector.Json["state"]!.GetValue<string>(), capabilities);
        await client.SendRawAsync(vector.Bytes);
        if (vector.Json["answer"]!.GetValue<string>() == "CLOSE")
        {
            Assert.Equal(code, await client.ReceiveCloseAsync());
            return;
        }

        Assert.True(FrameHeader.TryRead(vector.Bytes, out FrameHeader header));
        Assert.Equal((code, header.Correlation), await client.ReceiveErrorAsync());
        await AssertAnswersAsync(client);
    }

    [Theory]
    [MemberData(nameof(MalformedNames))]
    [Trait("Must", "R-BODY-9")]
    [Trait("Must", "R-BODY-11")]
    [Trait("Must", "R-PUB-14")]
    public async Task Edge_MalformedVector_ClosesWithMalformedBody(string name)
    {
        Vector vector = VectorFile.Malformed[name];
        await using WireClient client = await InStateAsync(vector.Type switch
        {
            FrameType.Hello => "AwaitHello",
            FrameType.Auth => "AwaitAuth",
            _ => "Ready",
        }, Capabilities.Ephemeral | Capabilities.Rooms | Capabilities.Services);
        await client.SendRawAsync(vector.Bytes);
        ErrorCode code = await client.ReceiveCloseAsync();
        bool hasMagic = vector.Type != FrameType.Hello || HasMagic(vector.Body);
        Assert.Equal(hasMagic ? ErrorCode.MalformedBody : ErrorCode.BadMagic, code);
    }

    [Fact]
    public async Task Edge_BrokenNeighbour_DoesNotDisturbASession()
    {
        await using WireClient good = await relay.SignInAsync();
        foreach (Vector vector in VectorFile.Malformed.All.Where(vector => vector.Type == FrameType.Publish))
        {
            await using WireClient bad = await relay.SignInAsync(Capabilities.Rooms | Capabilities.Services);
            await bad.SendRawAsync(vector.Bytes);
            Assert.Equal(ErrorCode.MalformedBody, await bad.ReceiveCloseAsync());
        }

        await AssertAnswersAsync(good);
    }

    private static bool HasMagic(ReadOnlySpan<byte> body)
    {
        HelloBody.TryDecode(body, out HelloBody hello);
        return hello.MagicMatches;
    }

    private static async Task AssertAnswersAsync(WireClient client)
    {
        await client.SendAsync(FrameType.Ping, FrameFlags.None, 77, _ => 0);
        (FrameHeader header, _) = await client.ReceiveAsync(FrameType.Pong);
        Assert.Equal(77u, header.Correlation);
    }

    private async Task<WireClient> InStateAsync(string state, Capabilities capabilities)
    {
        if (state == "Ready")
        {
            return await relay.SignInAsync(capabilities);
        }

        WireClient client = await WireClient.ConnectAsync(relay.Endpoint);
        if (state == "AwaitAuth")
        {
            await client.SendHelloAsync();
        }

        return client;
    }
}
