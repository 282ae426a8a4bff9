using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Services;

/// <summary>What a service may in a room: what the room asked it in for.</summary>
public sealed class InvitationTests
{
    private const string Token = "speaker:weather";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Must", "R-SVC-14")]
    public async Task Room_ThatHasNotInvitedTheService_IsClosedToItButForItsUpdates()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        RelaySubscription lobby = await alice.JoinAsync("lobby", cancellationToken: Cancel);
        await alice.SubscribeAsync("lobby", "weather.storms", cancellationToken: Cancel);
        RelayClient curious = await relay.ConnectWithAsync(relay.Options(Token));

        Assert.Equal(ErrorCode.Forbidden, await RefusedAsync(() => curious.JoinAsync("lobby", cancellationToken: Cancel)));
        Assert.Equal(ErrorCode.Forbidden, await RefusedAsync(() => curious.JoinAsync("nobody-is-here", cancellationToken: Cancel)));
        Assert.Equal(ErrorCode.Forbidden, await RefusedAsync(() => curious.QueryMembersAsync("lobby", cancellationToken: Cancel)));
        Assert.Equal(ErrorCode.Forbidden, await RefusedAsync(() => curious.QueryStatusAsync("lobby", Cancel)));
        Assert.Equal(ErrorCode.Forbidden, await RefusedAsync(() => curious.QueryRoomsAsync(cancellationToken: Cancel)));
        Assert.Equal(ErrorCode.Forbidden, await RefusedAsync(() => curious.ControlAsync("lobby", RoomControl.Notice("buy"), Cancel).AsTask()));
        await service.UpdateAsync("lobby", WeatherRelay.Card("s1"), [], 1, Cancel);
        Assert.Equal("s1", (await lobby.NextAsync<RelayUpdate>()).Card.Item);
    }

    [Fact]
    [Trait("Must", "R-SVC-14")]
    public async Task Room_InvitesTheServiceAndTakesItBack_ItIsAMemberAsLong()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        await alice.JoinAsync("lobby", cancellationToken: Cancel);
        await alice.InviteAsync("lobby", "weather", cancellationToken: Cancel);
        RelayClient guest = await relay.ConnectWithAsync(relay.Options(Token, relay.B));
        RelaySubscription heard = await guest.JoinAsync("lobby", cancellationToken: Cancel);
        await alice.PublishAsync("lobby", "welcome", Cancel);
        Assert.Equal("welcome", (await heard.NextAsync<RelayMessage>()).Text);
        Assert.Equal("lobby", (await guest.QueryStatusAsync("lobby", Cancel)).Channel);

        await alice.InviteAsync("lobby", "weather", isInvited: false, Cancel);
        RelayException left = await Assert.ThrowsAsync<RelayException>(() => heard.NextAsync<RelayGap>());
        Assert.Equal(ErrorCode.Forbidden, left.Code);
        Assert.Equal(ErrorCode.Forbidden, await RefusedAsync(() => guest.QueryStatusAsync("lobby", Cancel)));
    }

    [Fact]
    [Trait("Must", "R-SVC-14")]
    public async Task Room_OfTheServiceItself_IsOpenToIt()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayClient host = await relay.ConnectWithAsync(relay.Options(Token));
        await host.ControlAsync("forecast", RoomControl.Create("Forecast"), Cancel);
        await host.JoinAsync("forecast", cancellationToken: Cancel);
        await host.ControlAsync("forecast", RoomControl.Start(), Cancel);
        Assert.Equal(BroadcastState.Live, (await host.QueryStatusAsync("forecast", Cancel)).State);
    }

    private static async Task<ErrorCode> RefusedAsync(Func<Task> ask) => (await Assert.ThrowsAsync<RelayException>(ask)).Code;
}
