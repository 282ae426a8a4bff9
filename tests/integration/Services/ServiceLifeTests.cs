using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Services;

/// <summary>Services through what befalls relays, and those that there cannot be.</summary>
public sealed class ServiceLifeTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Capabilities.Services, Capabilities.None)]
    [InlineData(Capabilities.Services | Capabilities.Rooms, Capabilities.Services | Capabilities.Rooms)]
    [Trait("Must", "R-SVC-1")]
    public async Task Welcome_ServicesOffered_AreAgreedToWithRoomsOnly(Capabilities offered, Capabilities agreed)
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await using WireClient client = await WireClient.ConnectAsync(relay.A);
        await client.SendHelloAsync(offered);
        await client.SendAuthAsync("user:alice");
        (_, byte[] body) = await client.ReceiveAsync();
        Assert.Equal(DecodeStatus.Ok, WelcomeBody.TryDecode(body, out WelcomeBody welcome));
        Assert.Equal(agreed, welcome.Capabilities);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Restart_OfTheMasterOrAll_EverythingGoesOn(bool all, bool onRedis)
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync(onRedis ? () => OpenRedisAsync($"restart-{all}") : null);
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice", relay.A);
        RelaySubscription lobby = await alice.JoinAsync("lobby", cancellationToken: Cancel);
        await alice.SubscribeAsync("lobby", "weather.storms", ["north"], cancellationToken: Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s1"), ["north"], 1, Cancel);
        Assert.Equal("s1", (await lobby.NextAsync<RelayUpdate>()).Card.Item);

        await (all ? relay.RestartAsync() : relay.ReplaceMasterAsync());

        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s1"), ["north"], 1, Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s2"), ["north"], 2, Cancel);
        Assert.Equal("s2", (await lobby.NextAsync<RelayUpdate>()).Card.Item);
        Assert.Equal("ok", (await alice.CommandLineAsync("lobby", "/weather now Oslo", cancellationToken: Cancel)).Text);
        Assert.Equal(["weather.storms"], (await alice.QuerySubscriptionsAsync("lobby", cancellationToken: Cancel)).Subscriptions.Select(one => one.Topic));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Update_WhileAMemberIsAway_ComesWhenHeResumes(bool onRedis)
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync(onRedis ? () => OpenRedisAsync("resume") : null);
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice", relay.A);
        RelaySubscription inbox = await alice.JoinInboxAsync(cancellationToken: Cancel);
        await alice.SubscribeAsync(null, "weather.storms", ["north"], cancellationToken: Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s1"), ["north"], 1, Cancel);
        RelayUpdate seen = await inbox.NextAsync<RelayUpdate>();
        await alice.DisposeAsync();

        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s2"), ["north"], 2, Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s3"), ["south"], 3, Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s4"), ["north"], 4, Cancel);
        RelayClient back = await relay.ConnectAsync("alice", relay.B);
        RelaySubscription resumed = await back.JoinInboxAsync(JoinFrom.After(seen.Position), Cancel);

        Assert.Equal("s2", (await resumed.NextAsync<RelayUpdate>()).Card.Item);
        Assert.Equal("s4", (await resumed.NextAsync<RelayUpdate>()).Card.Item);
    }

    [Fact]
    public async Task Start_ATokenOfAnotherService_IsRefused()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();

        foreach (string token in new[] { "speaker:news", "service:weather", "user:weather" })
        {
            RelayException refused = await Assert.ThrowsAsync<RelayException>(() => RelayService.StartAsync(
                relay.Options(token), WeatherRelay.Definition, (_, _) => ValueTask.FromResult(ServiceResult.Of("ok")), Cancel));
            Assert.Equal(ErrorCode.Forbidden, refused.Code);
        }
    }

    [Fact]
    [Trait("Must", "R-SVC-10")]
    public async Task Service_ItsEdgeGoes_ComesBackAtAnotherUntilItIsDisposed()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await using RelayService service = await RelayService.StartAsync(
            relay.Options("speaker:weather", relay.A, relay.B),
            WeatherRelay.Definition, (_, _) => ValueTask.FromResult(ServiceResult.Of("ok")), Cancel);

        await relay.Relay.EdgeA.StopAsync(Cancel);
        await Eventually.TrueAsync(
            async () => (await (await relay.ConnectAsync("alice", relay.B)).QueryMenuAsync(cancellationToken: Cancel)).Lines[0].IsAvailable,
            WeatherRelay.Patience, () => "the service did not come back");

        Assert.False(service.Completion.IsCompleted);
        await service.DisposeAsync();
        await service.Completion.WaitAsync(WeatherRelay.Patience, Cancel);
    }

    [Fact]
    [Trait("Must", "R-CMD-12")]
    public async Task Return_AfterTheDeadline_IsRefusedAndReachesNobody()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await using WireClient service = await WireClient.SignInAsync(relay.B, "speaker:weather", Capabilities.Rooms | Capabilities.Services);
        await service.SendAsync(FrameType.Register, FrameFlags.None, 1, Register);
        await service.ReceiveAsync(FrameType.Registered);
        RelayClient alice = await relay.ConnectAsync("alice");

        Task<RelayCommandResult> asking = alice.CommandAsync("weather", "soon", cancellationToken: Cancel);
        ulong ticket = TicketOf((await service.ReceiveAsync(FrameType.Call)).Body);
        RelayException timedOut = await Assert.ThrowsAsync<RelayException>(() => asking);
        await service.SendAsync(FrameType.Return, FrameFlags.None, 9, body =>
        {
            new ReturnBody { Ticket = ticket, Text = "late"u8 }.TryEncode(body, out int bytes);
            return bytes;
        });

        Assert.Equal(ErrorCode.ServiceTimeout, timedOut.Code);
        Assert.Equal((ErrorCode.DeadlinePassed, 9U), await service.ReceiveErrorAsync());
    }

    private async Task<IFabric> OpenRedisAsync(string prefix) =>
        await RedisFabric.ConnectAsync(new RedisFabricOptions { Endpoints = redis.Endpoint, Prefix = prefix }, NullLoggerFactory.Instance, Cancel);

    private static int Register(Span<byte> destination)
    {
        var verb = new VerbEntry { Name = "soon"u8, DeadlineMilliseconds = 1000 };
        Span<byte> verbs = stackalloc byte[verb.EncodedBytesMax];
        verb.TryEncode(verbs, out int verbBytes);
        new RegisterBody { Name = "weather"u8, Title = "Weather"u8, Verbs = new EncodedList<VerbEntry>(verbs[..verbBytes], 1) }.TryEncode(destination, out int bytes);
        return bytes;
    }

    private static ulong TicketOf(byte[] body)
    {
        Assert.Equal(DecodeStatus.Ok, CallBody.TryDecode(body, out CallBody call));
        return call.Ticket;
    }
}
