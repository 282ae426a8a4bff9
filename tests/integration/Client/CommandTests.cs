using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>Commands as a client sends them, and whatever an edge may answer or not answer.</summary>
public sealed class CommandTests : ScriptedClientTests
{
    public CommandTests() => Edge.Welcome = ScriptedServices.Welcome;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommandAsync_AnsweredInAnyOrder_EachHasItsOwn()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelayCommandResult>[] asking = [OrderAsync("a"), OrderAsync("b")];
        ScriptedFrame[] frames = [await session.ExpectAsync(FrameType.Command), await session.ExpectAsync(FrameType.Command)];
        var commands = frames.Select(frame => frame.Command()).ToArray();
        Assert.All(commands, command => Assert.Equal(("", "shop", "order", Client.ProducerId), (command.Room, command.Service, command.Verb, command.ProducerId)));
        Assert.NotEqual(commands[0].Number, commands[1].Number);

        await session.ResultAsync(commands[1].Number, frames[1].Header.Correlation, "second");
        await session.ResultAsync(commands[0].Number, frames[0].Header.Correlation, "first");

        Assert.Equal(["first", "second"], (await Task.WhenAll(asking).WaitAsync(ScriptedSession.Deadline, Cancel)).Select(result => result.Text));
    }

    [Fact]
    [Trait("Must", "R-CMD-6")]
    public async Task CommandAsync_ConnectionLost_IsSentAgainUnchangedBesideTheNextOnes()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelayCommandResult> first = OrderAsync("a");
        ScriptedFrame sent = await session.ExpectAsync(FrameType.Command);
        session.Reset();
        ScriptedSession next = await Edge.AcceptReadyAsync();
        ScriptedFrame again = await next.ExpectAsync(FrameType.Command);
        Assert.Equal(sent.Body, again.Body);

        Task<RelayCommandResult> second = OrderAsync("b");
        ScriptedFrame other = await next.ExpectAsync(FrameType.Command);
        Assert.NotEqual(again.Command().Number, other.Command().Number);
        await next.ResultAsync(again.Command().Number, again.Header.Correlation, "first");
        await next.ResultAsync(other.Command().Number, other.Header.Correlation, "second");

        Assert.Equal(("first", "second"), ((await first).Text, (await second).Text));
    }

    [Fact]
    public async Task CommandLineAsync_ConnectionLost_WaitsForTheRoomToBeJoinedAgain()
    {
        (_, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 1, 1);
        Task<RelayCommandResult> asking = Client.CommandLineAsync("lobby", "/shop order 2", cancellationToken: Cancel);
        ScriptedFrame sent = await session.ExpectAsync(FrameType.Publish);
        Assert.Equal(("lobby", "/shop order 2"), (sent.Publish().Channel, sent.Publish().Text));
        session.Reset();

        ScriptedSession next = await Edge.AcceptReadyAsync();
        ScriptedFrame join = await next.ExpectAsync(FrameType.Join);
        await TakenInAsync(next);
        await next.JoinedAsync(join, 1, 1);
        ScriptedFrame again = await next.ExpectAsync(FrameType.Publish);
        Assert.Equal(sent.Body, again.Body);
        await next.ResultAsync(again.Publish().Number, again.Header.Correlation, "done");

        Assert.Equal("done", (await asking).Text);
    }

    [Fact]
    public async Task CommandAsync_RefusedForNow_IsGivenAgainUnderItsNumber()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelayCommandResult> asking = OrderAsync("a");
        ScriptedFrame sent = await session.ExpectAsync(FrameType.Command);
        await session.ErrorAsync(ErrorCode.RateLimited, 1, null, sent.Command().Number, sent.Header.Correlation);
        ScriptedFrame again = await session.ExpectAsync(FrameType.Command);
        Assert.Equal(sent.Body, again.Body);
        await session.ResultAsync(again.Command().Number, again.Header.Correlation, "done");

        Assert.Equal("done", (await asking).Text);
    }

    [Theory]
    [InlineData(ErrorCode.UnknownService)]
    [InlineData(ErrorCode.UnknownVerb)]
    [InlineData(ErrorCode.BadArgument)]
    [InlineData(ErrorCode.CommandRefused)]
    [InlineData(ErrorCode.ConsentRequired)]
    [InlineData(ErrorCode.ServiceUnavailable)]
    [InlineData(ErrorCode.ServiceTimeout)]
    [InlineData(ErrorCode.InternalError)]
    public async Task CommandAsync_RefusedForGood_IsToldToTheCallerAndNotGivenAgain(ErrorCode code)
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelayCommandResult> asking = OrderAsync("a");
        ScriptedFrame sent = await session.ExpectAsync(FrameType.Command);
        await session.ErrorAsync(code, 500, null, sent.Command().Number, sent.Header.Correlation, "not like this");

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => asking.WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.Equal(code, refused.Code);
        Assert.Contains("not like this", refused.Message, StringComparison.Ordinal);
        await TakenInAsync(session);
    }

    [Fact]
    public async Task CommandAsync_MoreThanTheRelayTakes_WaitHere()
    {
        const int UnansweredMax = 16;
        ScriptedSession session = await ConnectAsync();
        List<Task<RelayCommandResult>> asking = [.. Enumerable.Range(0, UnansweredMax + 1).Select(number => OrderAsync($"{number}"))];
        var frames = new Queue<ScriptedFrame>();
        while (frames.Count < UnansweredMax)
        {
            frames.Enqueue(await session.ExpectAsync(FrameType.Command));
        }

        await TakenInAsync(session);
        await session.ResultAsync(frames.Peek().Command().Number, frames.Peek().Header.Correlation, "done");
        frames.Enqueue(await session.ExpectAsync(FrameType.Command));
        foreach (ScriptedFrame frame in frames.Skip(1))
        {
            await session.ResultAsync(frame.Command().Number, frame.Header.Correlation, "done");
        }

        await Task.WhenAll(asking).WaitAsync(ScriptedSession.Deadline, Cancel);
    }

    [Fact]
    public async Task CommandAsync_NeverAnswered_IsNotKnown()
    {
        ScriptedSession session = await ConnectAsync(Edge.ClientOptions with { CommandTimeout = TimeSpan.FromMilliseconds(50) });
        Task<RelayCommandResult> asking = OrderAsync("a");
        ScriptedFrame sent = await session.ExpectAsync(FrameType.Command);

        RelayException unknown = await Assert.ThrowsAsync<RelayException>(() => asking.WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.Equal(ErrorCode.Unavailable, unknown.Code);
        Assert.Contains("is not known", unknown.Message, StringComparison.Ordinal);

        // Nobody waits for it any more.
        await session.ResultAsync(sent.Command().Number, sent.Header.Correlation, "late");
        await session.ErrorAsync(ErrorCode.ServiceTimeout, 500, null, sent.Command().Number, sent.Header.Correlation);
        await session.ResultAsync(999_999, 77, "of nothing");
        await TakenInAsync(session);
    }

    [Fact]
    public async Task CommandAsync_ClientEnds_FailsWhatWaits()
    {
        ScriptedSession session = await ConnectAsync();
        Task<RelayCommandResult> asking = OrderAsync("a");
        await session.ExpectAsync(FrameType.Command);
        await Client.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => asking.WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.True(asking.IsFaulted);
    }

    [Fact]
    public async Task CommandAsync_EdgeWithoutServices_SaysSo()
    {
        Edge.Welcome = new ScriptedWelcome();
        ScriptedSession session = await ConnectAsync();

        RelayException unknown = await Assert.ThrowsAsync<RelayException>(() => OrderAsync("a").WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.Equal(ErrorCode.UnsupportedVersion, unknown.Code);
        await TakenInAsync(session);
    }

    private Task<RelayCommandResult> OrderAsync(string argument) => Client.CommandAsync("shop", "order", [argument], cancellationToken: Cancel);
}
