using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Services;

/// <summary>Commands from a user through a relay to a service, and what comes of them.</summary>
public sealed class CommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Command_ByFrame_TellsTheServiceEverythingAndTheCallerTheResult()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        ServiceCommand? asked = null;
        await relay.ServeAsync(command =>
        {
            asked = command;
            return new ServiceResult { Text = "sunny", Card = WeatherRelay.Card("r1") };
        });
        RelayClient alice = await relay.ConnectAsync("alice");

        RelayCommandResult result = await alice.CommandAsync(
            new CommandRequest { Service = "weather", Verb = "now", Arguments = ["New York"], Item = "r0", Locale = "de" }, Cancel);

        Assert.Equal(("weather", "now", "sunny"), (result.Service, result.Verb, result.Text));
        Assert.Equal("Report r1", result.Card?.Title);
        Assert.Equal(("now", "r0", "de", 1), (asked!.Verb, asked.Item, asked.Locale, asked.Attempt));
        Assert.Equal(["New York"], asked.Arguments);
        Assert.Null(asked.Room);
        Assert.DoesNotContain("alice", asked.Subject, StringComparison.Ordinal);
        Assert.InRange(asked.Deadline - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task CommandLine_InARoomOrWithTheInbox_TheRelayCutsIt()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        var asked = new List<ServiceCommand>();
        await relay.ServeAsync(command =>
        {
            asked.Add(command);
            return ServiceResult.Of("ok");
        });
        RelayClient alice = await relay.ConnectAsync("alice");
        await alice.JoinAsync("lobby", cancellationToken: Cancel);

        await alice.CommandLineAsync("lobby", "/weather now \"New York\"", cancellationToken: Cancel);
        await alice.CommandLineAsync("lobby", "/weather rate 5", "r 1", Cancel);
        await alice.CommandLineAsync("lobby", "/weather rate 6", "r2", Cancel);
        await alice.CommandLineAsync(null, "/weather now \"San Jose\"", cancellationToken: Cancel);
        await alice.JoinInboxAsync(cancellationToken: Cancel);
        await alice.CommandLineAsync(null, "/weather now Bonn", cancellationToken: Cancel);

        Assert.Equal(["New York", "5", "6", "San Jose", "Bonn"], asked.Select(command => command.Arguments.Single()));
        Assert.Equal([null, "r 1", "r2", null, null], asked.Select(command => command.Item));
        Assert.Contains("weather", (await alice.CommandLineAsync("lobby", "/help", cancellationToken: Cancel)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_ThatAnswersTheRoom_EverybodyHearsOfIt()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        ServiceCommand? asked = null;
        await relay.ServeAsync(command =>
        {
            asked = command;
            return new ServiceResult { Text = command.Arguments[0], Card = WeatherRelay.Card("r1") };
        });
        RelayClient alice = await relay.ConnectAsync("alice");
        RelayClient bob = await relay.ConnectAsync("bob", relay.B);
        await alice.JoinAsync("lobby", cancellationToken: Cancel);
        RelaySubscription heard = await bob.JoinAsync("lobby", cancellationToken: Cancel);

        RelayException notLetIn = await Assert.ThrowsAsync<RelayException>(() => alice.CommandLineAsync("lobby", "/weather tell all", cancellationToken: Cancel));
        await alice.InviteAsync("lobby", "weather", cancellationToken: Cancel);
        RelayCommandResult result = await alice.CommandLineAsync("lobby", "/weather tell it  \"rains\"", cancellationToken: Cancel);

        RelayCommandDone done = await heard.NextAsync<RelayCommandDone>();
        Assert.Equal(ErrorCode.Forbidden, notLetIn.Code);
        Assert.Equal("", result.Text);
        Assert.Equal(("alice", "weather", "tell", "it  \"rains\""), (done.From, done.Service, done.Verb, done.Text));
        Assert.Equal("r1", done.Card?.Item);
        Assert.Null(done.Item);
        Assert.Equal("lobby", asked!.Room);
    }

    [Fact]
    public async Task Commands_TwoInstances_EachDoesItsShare()
    {
        const int Commands = 8;
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        using var all = new CountdownEvent(Commands);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int[] shares = new int[2];
        foreach (int instance in Enumerable.Range(0, 2))
        {
            await relay.ServeAsync(async (_, _) =>
            {
                Interlocked.Increment(ref shares[instance]);
                if (all.Signal())
                {
                    done.SetResult();
                }

                await done.Task;
                return ServiceResult.Of("ok");
            }, instance == 0 ? relay.A : relay.B);
        }

        RelayClient alice = await relay.ConnectAsync("alice");
        await Task.WhenAll(Enumerable.Range(0, Commands).Select(_ => alice.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel)));

        Assert.Equal([Commands / 2, Commands / 2], shares);
    }

    [Fact]
    public async Task Command_ItsInstanceGoes_AnotherDoesItAsTheNextAttempt()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        var first = new TaskCompletionSource<ServiceCommand>(TaskCreationOptions.RunContinuationsAsynchronously);
        RelayService leaving = await relay.ServeAsync(async (command, stop) =>
        {
            first.SetResult(command);
            await new TaskCompletionSource().Task.WaitAsync(stop);
            return ServiceResult.Of("never");
        }, relay.A);
        RelayClient alice = await relay.ConnectAsync("alice");

        Task<RelayCommandResult> asking = alice.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel);
        ServiceCommand begun = await first.Task.WaitAsync(WeatherRelay.Patience, Cancel);
        await relay.ServeAsync(command => ServiceResult.Of($"{command.Attempt} {command.Key}"));
        await leaving.DisposeAsync();

        Assert.Equal($"2 {begun.Key}", (await asking).Text);
        Assert.True(leaving.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Command_NoInstanceIsLeft_IsUnavailable()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayService service = await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");
        await service.DisposeAsync();

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => alice.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel));

        Assert.Equal(ErrorCode.ServiceUnavailable, refused.Code);
    }

    [Fact]
    public async Task Command_AnsweredAfterItsDeadline_TimesOutAndTheAnswerGoesNowhere()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        var late = new TaskCompletionSource<ServiceResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await relay.ServeAsync(async (command, _) => command.Verb == "soon" ? await late.Task : ServiceResult.Of("ok"));
        RelayClient alice = await relay.ConnectAsync("alice");

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => alice.CommandAsync("weather", "soon", cancellationToken: Cancel));
        late.SetResult(ServiceResult.Of("late"));

        Assert.Equal(ErrorCode.ServiceTimeout, refused.Code);
        Assert.Equal("ok", (await alice.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel)).Text);
    }

    [Fact]
    public async Task Command_RefusedOrFailed_TheCallerIsToldWhatConcernsHim()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        var failures = new List<RelayServiceFailure>();
        RelayService service = await relay.ServeAsync(command => command.Verb == "soon"
            ? throw new InvalidOperationException("secret of alice")
            : command.Arguments[0] == "Mars" ? ServiceResult.Refused("no weather there") : new ServiceResult { Text = new string('x', 4001) });
        service.CommandFailed += (_, failure) => failures.Add(failure);
        RelayClient alice = await relay.ConnectAsync("alice");

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => alice.CommandAsync("weather", "now", ["Mars"], cancellationToken: Cancel));
        RelayException failed = await Assert.ThrowsAsync<RelayException>(() => alice.CommandAsync("weather", "soon", cancellationToken: Cancel));
        RelayException tooLong = await Assert.ThrowsAsync<RelayException>(() => alice.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel));

        Assert.Equal(ErrorCode.CommandRefused, refused.Code);
        Assert.StartsWith("no weather there", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InternalError, failed.Code);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.InternalError, tooLong.Code);
        Assert.Equal("System.InvalidOperationException", failures[0].Reason);
        Assert.Contains("result.Text", failures[1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wether", "now", "Oslo", ErrorCode.UnknownService)]
    [InlineData("weather", "new", "Oslo", ErrorCode.UnknownVerb)]
    [InlineData("weather", "now", null, ErrorCode.BadArgument)]
    [InlineData("weather", "rate", "5", ErrorCode.BadArgument)]
    public async Task Command_ThatCannotBe_IsRefusedWithoutTheService(string service, string verb, string? argument, ErrorCode code)
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await relay.ServeAsync(_ => throw new InvalidOperationException("it was asked"));
        RelayClient alice = await relay.ConnectAsync("alice");

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => alice.CommandAsync(service, verb, argument is null ? [] : [argument], cancellationToken: Cancel));

        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task Command_WithoutTheUsersConsent_IsRefused()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        await relay.ServeAsync(_ => ServiceResult.Of("ok"));
        RelayClient no = await relay.ConnectWithAsync(relay.Options("allows:no news"));
        RelayClient yes = await relay.ConnectWithAsync(relay.Options("allows:yes news weather"));

        RelayException command = await Assert.ThrowsAsync<RelayException>(() => no.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel));
        RelayException subscribe = await Assert.ThrowsAsync<RelayException>(() => no.SubscribeAsync(null, "weather.towns", cancellationToken: Cancel));

        Assert.Equal((ErrorCode.ConsentRequired, ErrorCode.ConsentRequired), (command.Code, subscribe.Code));
        Assert.Equal("ok", (await yes.CommandAsync("weather", "now", ["Oslo"], cancellationToken: Cancel)).Text);
    }

    [Fact]
    [Trait("Must", "R-CMD-6")]
    [Trait("Must", "R-CMD-18")]
    public async Task Command_TheEdgeGoesMeanwhile_IsAnsweredThroughAnotherAndDoneOnce()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<ServiceResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        int times = 0;
        await relay.ServeAsync(async (_, _) =>
        {
            Interlocked.Increment(ref times);
            begun.TrySetResult();
            return await answer.Task;
        });
        RelayClient alice = await relay.ConnectAsync("alice", relay.A, relay.B);
        await alice.JoinAsync("lobby", cancellationToken: Cancel);
        var moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        alice.StateChanged += (_, change) => _ = change.State == RelayClientState.Connected && moved.TrySetResult();

        Task<RelayCommandResult> asking = alice.CommandLineAsync("lobby", "/weather now Oslo", cancellationToken: Cancel);
        await begun.Task.WaitAsync(WeatherRelay.Patience, Cancel);
        await relay.Relay.EdgeA.StopAsync(Cancel);
        await moved.Task.WaitAsync(WeatherRelay.Patience, Cancel);
        answer.SetResult(ServiceResult.Of("sunny"));

        Assert.Equal("sunny", (await asking).Text);
        Assert.Equal(1, times);
    }

    [Fact]
    [Trait("Must", "R-LINE-5")]
    public async Task Publish_OfALineThatIsACommand_IsRefusedHereUnlessServicesAreOff()
    {
        await using WeatherRelay relay = await WeatherRelay.StartAsync();
        RelayClient alice = await relay.ConnectAsync("alice");
        RelayClient bob = await relay.ConnectWithAsync(relay.Options("user:bob") with { HasServices = false });
        RelaySubscription heard = await alice.JoinAsync("lobby", cancellationToken: Cancel);
        await bob.JoinAsync("lobby", cancellationToken: Cancel);

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(async () => await alice.PublishAsync("lobby", "/weather now Oslo", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await alice.SendAsync("lobby", "/weather now Oslo", cancellationToken: Cancel));
        await alice.PublishAsync("lobby", "//said", Cancel);
        await bob.PublishAsync("lobby", "/also said", Cancel);
        RelayException unknown = await Assert.ThrowsAsync<RelayException>(() => bob.CommandAsync("weather", "now", cancellationToken: Cancel));

        Assert.Contains("CommandAsync", refused.Message, StringComparison.Ordinal);
        Assert.Equal("//said", (await heard.NextAsync<RelayMessage>()).Text);
        Assert.Equal("/also said", (await heard.NextAsync<RelayMessage>()).Text);
        Assert.Equal(ErrorCode.UnsupportedVersion, unknown.Code);
    }
}
