using System.Net;
using System.Text.Json;
using RelayServer.Client;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>
/// A client in another language, written from the folder <c>protocol</c> alone, against real edges: what the specification says is
/// what the server does, and enough to go by.
/// </summary>
public sealed class ForeignClientTests
{
    private const string Room = "lobby";
    private const int Messages = 1_000;

    [Fact]
    public async Task Vectors_ThroughItsCodec_AreTakenAndRefusedAsTheySay()
    {
        (int exitCode, string output, string errors) = await RunAsync(["--vectors"], []);
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public async Task Publish_BothWays_ArrivesWholeAndInOrder()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await ExchangeAsync(relay.A.Port, relay.B.Port);
    }

    [Fact]
    [Trait("Must", "R-PUB-4")]
    [Trait("Must", "R-RESUME-1")]
    public async Task Publish_ConnectionsOfBothCutInTheMiddle_NothingIsLostOrDoubled()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        int[] cuts = [9_001, 20_002, 25_003];
        await using var foreignProxy = new TcpProxy(relay.A.Port, cuts);
        await using var ownProxy = new TcpProxy(relay.B.Port, cuts);
        await ExchangeAsync(PortOf(foreignProxy.Endpoint), PortOf(ownProxy.Endpoint));
        Assert.Equal((cuts.Length + 1, cuts.Length + 1), (foreignProxy.ConnectionCount, ownProxy.ConnectionCount));
    }

    [Fact]
    [Trait("Must", "R-DRAIN-1")]
    public async Task Drain_TheEdgeOfTheForeignClient_MovesItAndLosesNothing()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options.DrainMilliseconds = 1_000);
        await using RelayClient own = await ConnectAsync(relay.B.Port);
        await using RelaySubscription subscription = await own.JoinAsync(Room, JoinFrom.Beginning, TestContext.Current.CancellationToken);
        Task<(int ExitCode, string Output, string Errors)> running = RunAsync(
            ["127.0.0.1", $"{relay.A.Port}", "user:foreign", Room, "--also", $"127.0.0.1:{relay.B.Port}", "--count", "3"], ["here"]);
        await ReadAsync(subscription, 1);
        await relay.EdgeA.StopAsync(TestContext.Current.CancellationToken);
        await own.PublishAsync(Room, "there", TestContext.Current.CancellationToken);
        await own.PublishAsync(Room, "still there", TestContext.Current.CancellationToken);

        JsonElement[] events = await EventsAsync(running, 0);
        Assert.Equal(["edge-a", "edge-b"], Of(events, "welcome").Select(welcome => welcome.GetProperty("server").GetString()));
        Assert.Equal(["here", "there", "still there"], Of(events, "message").Select(message => message.GetProperty("payload").GetString()));
        Assert.Single(Of(events, "draining"));
        Assert.Empty(Of(events, "end"));
    }

    [Theory]
    [InlineData(ControlSplit.Edges, 0)]
    [InlineData(ControlSplit.Groups, 2)]
    public async Task Split_OfARoomWhoseClientKnowsNothingOfRooms_ItReadsOnWithoutAHole(ControlSplit mode, uint groups)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using RelayClient own = await ConnectAsync(relay.B.Port);
        await own.ControlAsync(Room, RoomControl.Create("title"), TestContext.Current.CancellationToken);
        await own.ControlAsync(Room, RoomControl.Start(), TestContext.Current.CancellationToken);
        await using RelaySubscription subscription = await own.JoinAsync(Room, JoinFrom.Beginning, TestContext.Current.CancellationToken);
        Task<(int ExitCode, string Output, string Errors)> running =
            RunAsync(["127.0.0.1", $"{relay.A.Port}", "user:foreign", Room, "--count", "10"], ["here"]);
        await ReadAsync(subscription, 1);
        await own.PublishAsync(Room, "one", TestContext.Current.CancellationToken);
        await own.ControlAsync(Room, new RoomControl { Verb = ControlVerb.Split, Split = mode, Groups = groups }, TestContext.Current.CancellationToken);
        await own.PublishAsync(Room, "two", TestContext.Current.CancellationToken);
        await own.ControlAsync(Room, RoomControl.Merge(), TestContext.Current.CancellationToken);
        await own.PublishAsync(Room, "three", TestContext.Current.CancellationToken);

        JsonElement[] events = await EventsAsync(running, 0);
        JsonElement[] messages = [.. Of(events, "message")];
        Assert.Equal(
            ["here", "one", "two", "three"],
            messages.Where(message => message.GetProperty("kind").GetInt32() == 0).Select(message => message.GetProperty("payload").GetString()));
        Assert.Equal([1UL, 2, 3, 4, 5, 1, 2, 3, 1, 2], messages.Select(message => message.GetProperty("seq").GetUInt64()));
        Assert.Equal([(int)GapReason.Moved, (int)GapReason.Moved], Of(events, "gap").Select(gap => gap.GetProperty("reason").GetInt32()));
    }

    [Theory]
    [InlineData("wrong", ErrorCode.TokenInvalid)]
    [InlineData("expired", ErrorCode.TokenExpired)]
    [Trait("Must", "R-AUTH-2")]
    public async Task SignIn_TokenNotAccepted_IsToldByCloseAndDoesNotComeBack(string token, ErrorCode code)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        JsonElement[] events = await EventsAsync(RunAsync(["127.0.0.1", $"{relay.A.Port}", token, Room], []), 1);
        JsonElement end = Assert.Single(events);
        Assert.Equal(("end", (int)code), (end.GetProperty("event").GetString(), end.GetProperty("code").GetInt32()));
    }

    private static async Task ExchangeAsync(int foreignPort, int ownPort)
    {
        string[] foreignTexts = [.. Enumerable.Range(1, Messages).Select(i => $"foreign {i} – ünïcödé 채팅")];
        string[] ownTexts = [.. Enumerable.Range(1, Messages).Select(i => $"own {i}")];
        await using RelayClient own = await ConnectAsync(ownPort);
        await using RelaySubscription subscription = await own.JoinAsync(Room, JoinFrom.Beginning, TestContext.Current.CancellationToken);
        Task<(int ExitCode, string Output, string Errors)> running = RunAsync(
            ["127.0.0.1", $"{foreignPort}", "user:foreign", Room, "--count", $"{2 * Messages}"], foreignTexts);
        Task publishing = Task.WhenAll(ownTexts.Select(text => own.PublishAsync(Room, text, TestContext.Current.CancellationToken).AsTask()));
        RelayMessage[] received = await ReadAsync(subscription, 2 * Messages);
        await publishing;

        JsonElement[] events = await EventsAsync(running, 0);
        Assert.Equal(Enumerable.Range(1, 2 * Messages).Select(seq => (ulong)seq), received.Select(message => message.Position.Seq));
        Assert.Equal(foreignTexts, received.Where(message => message.From == "foreign").Select(message => message.Text));
        Assert.Equal(ownTexts, received.Where(message => message.From == "own").Select(message => message.Text));
        Assert.Equal(
            received.Select(message => (message.Position.Seq, message.From, message.Text)),
            Of(events, "message").Select(message => (
                message.GetProperty("seq").GetUInt64(), message.GetProperty("sender").GetString()!, message.GetProperty("payload").GetString()!)));
        Assert.Equal(
            received.Where(message => message.From == "foreign").Select(message => (message.Number, message.Position.Seq)),
            Of(events, "ack").Select(ack => (ack.GetProperty("number").GetUInt64(), ack.GetProperty("seq").GetUInt64())).Order());
    }

    private static async Task<RelayMessage[]> ReadAsync(RelaySubscription subscription, int count) =>
        await subscription.ReadMessagesAsync(TestContext.Current.CancellationToken).Take(count).ToArrayAsync(TestContext.Current.CancellationToken);

    private static async Task<RelayClient> ConnectAsync(int port)
    {
        var client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint(IPAddress.Loopback.ToString(), port)],
            TokenProvider = _ => ValueTask.FromResult("user:own"),
        });
        await client.ConnectAsync(TestContext.Current.CancellationToken);
        return client;
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string[] lines)
    {
        RequiredProgram.FindFile("/usr/lib/python3/dist-packages/msgpack/__init__.py", "python3-msgpack");
        string script = ProtocolFolder.PathOf("tests/integration/Conformance/peers/client.py");
        return MessagePackPeer.RunAsync(RequiredProgram.FindFile("/usr/bin/python3", "python3"), [script, .. arguments], lines);
    }

    private static async Task<JsonElement[]> EventsAsync(Task<(int ExitCode, string Output, string Errors)> running, int exitCode)
    {
        (int actual, string output, string errors) = await running;
        Assert.True(actual == exitCode, $"exit code {actual}: {output}{errors}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    private static IEnumerable<JsonElement> Of(JsonElement[] events, string name) =>
        events.Where(occurred => occurred.GetProperty("event").GetString() == name);

    private static int PortOf(string endpoint) => IPEndPoint.Parse(endpoint).Port;
}
