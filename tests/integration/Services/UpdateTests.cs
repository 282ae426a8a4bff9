using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Services;

/// <summary>What services tell, from a service through a relay to those who subscribed.</summary>
public sealed class UpdateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_OfATopic_ReachesRoomsAndInboxesThatWantItInOrder()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        RelaySubscription lobby = await alice.JoinAsync("lobby", cancellationToken: Cancel);
        RelaySubscription inbox = await alice.JoinInboxAsync(cancellationToken: Cancel);
        await alice.SubscribeAsync("lobby", "weather.storms", ["north"], cancellationToken: Cancel);
        await alice.SubscribeAsync(null, "weather.storms", cancellationToken: Cancel);

        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s1"), ["south"], 1, Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s2"), ["north", "south"], 2, Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s2"), ["north", "south"], 2, Cancel);
        await service.UpdateAsync("topic:weather.storms", WeatherRelay.Card("s3"), ["north"], 3, Cancel);

        RelayUpdate[] inLobby = [await lobby.NextAsync<RelayUpdate>(), await lobby.NextAsync<RelayUpdate>()];
        RelayUpdate[] inInbox =
            [await inbox.NextAsync<RelayUpdate>(), await inbox.NextAsync<RelayUpdate>(), await inbox.NextAsync<RelayUpdate>()];
        Assert.Equal(["s2", "s3"], inLobby.Select(update => update.Card.Item));
        Assert.Equal(["s1", "s2", "s3"], inInbox.Select(update => update.Card.Item));
        Assert.Equal(("weather", "weather.storms", 2UL), (inLobby[0].Service, inLobby[0].Topic, inLobby[0].Number));
        Assert.Equal(["north", "south"], inLobby[0].Subjects);
        Assert.Equal(service.ProducerId, inLobby[0].ProducerId);
        Assert.Equal("inbox:alice", inInbox[0].Channel);
    }

    [Fact]
    public async Task Update_ForARoom_OnlyWhereTheServiceWasLetIn()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        RelaySubscription lobby = await alice.JoinAsync("lobby", cancellationToken: Cancel);

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => service.UpdateAsync("lobby", WeatherRelay.Card("r1"), [], 1, Cancel));
        await alice.InviteAsync("lobby", "weather", cancellationToken: Cancel);
        await service.UpdateAsync("lobby", WeatherRelay.Card("r1"), cancellationToken: Cancel);
        await alice.InviteAsync("lobby", "weather", isInvited: false, Cancel);
        RelayException putOut = await Assert.ThrowsAsync<RelayException>(() => service.UpdateAsync("lobby", WeatherRelay.Card("r2"), cancellationToken: Cancel));

        Assert.Equal((ErrorCode.Forbidden, ErrorCode.Forbidden), (refused.Code, putOut.Code));
        Assert.Equal("r1", (await lobby.NextAsync<RelayUpdate>()).Card.Item);
    }

    [Fact]
    public async Task Update_ForAUser_OnlyByThePseudonymOfOneWhoCalled()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        string? subject = null;
        RelayService service = await relay.ServeAsync(command =>
        {
            subject = command.Subject;
            return ServiceResult.Of("ok");
        });
        RelayClient alice = await relay.ConnectAsync("alice");
        RelaySubscription inbox = await alice.JoinInboxAsync(cancellationToken: Cancel);
        await alice.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel);

        await service.UpdateAsync("inbox:" + subject, WeatherRelay.Card("r1"), cancellationToken: Cancel);
        RelayException byName = await Assert.ThrowsAsync<RelayException>(() => service.UpdateAsync("inbox:alice", WeatherRelay.Card("r2"), cancellationToken: Cancel));

        Assert.Equal(ErrorCode.Forbidden, byName.Code);
        Assert.Equal("r1", (await inbox.NextAsync<RelayUpdate>()).Card.Item);
    }

    [Theory]
    [InlineData("topic:weather.rain", "north", ErrorCode.NotFound)]
    [InlineData("topic:weather.storms", "west", ErrorCode.NotFound)]
    public async Task Update_OfWhatTheDefinitionDoesNotHave_IsRefused(string target, string subject, ErrorCode code)
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => service.UpdateAsync(target, WeatherRelay.Card("s1"), [subject], 1, Cancel));

        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task Subscribe_WhatCannotBe_IsRefused()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        DateTimeOffset past = DateTimeOffset.UtcNow.AddHours(-1);

        RelayException expired = await Assert.ThrowsAsync<RelayException>(() => alice.SubscribeAsync("lobby", "weather.storms", [], past, Cancel));
        RelayException noTopic = await Assert.ThrowsAsync<RelayException>(() => alice.SubscribeAsync("lobby", "weather.rain", cancellationToken: Cancel));
        RelayException noSubject = await Assert.ThrowsAsync<RelayException>(() => alice.SubscribeAsync(null, "weather.storms", ["west"], cancellationToken: Cancel));
        RelayException nothing = await Assert.ThrowsAsync<RelayException>(() => alice.UnsubscribeAsync(null, "weather.storms", Cancel));

        Assert.Equal(
            [ErrorCode.BadArgument, ErrorCode.NotFound, ErrorCode.NotFound, ErrorCode.NotFound],
            new[] { expired, noTopic, noSubject, nothing }.Select(refused => refused.Code));
    }

    [Fact]
    public async Task Subscription_ItsTimeIsOver_TheRoomIsTold()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        RelaySubscription lobby = await alice.JoinAsync("lobby", cancellationToken: Cancel);

        await alice.SubscribeAsync("lobby", "weather.towns", ["oslo"], DateTimeOffset.UtcNow.AddSeconds(2), Cancel);

        RelaySubscriptionNotice notice = await lobby.NextAsync<RelaySubscriptionNotice>();
        RelaySubscriptionNotice ended = notice.Event == SubscriptionEvent.Ended ? notice : await lobby.NextAsync<RelaySubscriptionNotice>();
        Assert.Equal((SubscriptionEvent.Ended, "weather.towns"), (ended.Event, ended.Topic));
        Assert.Empty((await alice.QuerySubscriptionsAsync("lobby", cancellationToken: Cancel)).Subscriptions);
    }

    [Fact]
    public async Task Menu_OfEverything_SaysWhatThereIsAndWhatIsChosen()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        await alice.SubscribeAsync(null, "weather.storms", ["north"], cancellationToken: Cancel);

        MenuPage services = await alice.QueryMenuAsync(locale: "de", cancellationToken: Cancel);
        MenuPage first = await alice.QueryMenuAsync("weather", max: 5, cancellationToken: Cancel);
        MenuPage second = await alice.QueryMenuAsync("weather", after: first.Lines[^1], cancellationToken: Cancel);
        MenuPage subjects = await alice.QueryMenuAsync("weather", "weather.storms", cancellationToken: Cancel);
        SubscriptionPage subscriptions = await alice.QuerySubscriptionsAsync(cancellationToken: Cancel);
        RelayException unknown = await Assert.ThrowsAsync<RelayException>(() => alice.QueryMenuAsync("news", cancellationToken: Cancel));

        Assert.Equal([("weather", "Wetter", true, true)], services.Lines.Select(line => (line.Name, line.Title, line.IsAvailable, line.IsChosen)));
        Assert.Equal(["now", "rate", "soon", "tell", "weather.storms"], first.Lines.Select(line => line.Name));
        Assert.True(first.HasMore);
        Assert.Equal([("weather.towns", true)], second.Lines.Select(line => (line.Name, line.IsOpen)));
        Assert.Equal([("north", true), ("south", false)], subjects.Lines.Select(line => (line.Name, line.IsChosen)));
        Assert.Equal([("weather.storms", "alice")], subscriptions.Subscriptions.Select(one => (one.Topic, one.By)));
        Assert.Equal(("inbox:alice", false), (subscriptions.Channel, subscriptions.HasMore));
        Assert.Equal(ErrorCode.UnknownService, unknown.Code);
    }

    [Fact]
    [Trait("Must", "R-SVC-13")]
    public async Task Service_GoesAndComes_TheRoomIsTold()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        RelaySubscription lobby = await alice.JoinAsync("lobby", cancellationToken: Cancel);
        await alice.InviteAsync("lobby", "weather", cancellationToken: Cancel);

        await service.DisposeAsync();
        RelayServiceChange gone = await lobby.NextAsync<RelayServiceChange>();
        await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayServiceChange back = await lobby.NextAsync<RelayServiceChange>();

        Assert.Equal(("weather", false), (gone.Service, gone.IsAvailable));
        Assert.Equal(("weather", true), (back.Service, back.IsAvailable));
    }
}
