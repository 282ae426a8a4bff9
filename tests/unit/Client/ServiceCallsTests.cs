using System.Text;
using System.Threading.Channels;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.UnitTests.Edge;

namespace RelayServer.UnitTests.Client;

/// <summary>How a service does what it is called for: once for each key, so many at a time, and as long as somebody waits.</summary>
public sealed class ServiceCallsTests : IAsyncDisposable
{
    private const int Connection = 3;
    private const uint DeadlineMilliseconds = 10_000;

    private readonly HandTime _time = new();
    private readonly Channel<(int Connection, ulong Ticket, ReturnStatus Status, string Text)> _answers =
        Channel.CreateUnbounded<(int, ulong, ReturnStatus, string)>();

    private readonly Channel<(ServiceCommand Command, TaskCompletionSource<ServiceResult> Result, CancellationToken Stop)> _begun =
        Channel.CreateUnbounded<(ServiceCommand, TaskCompletionSource<ServiceResult>, CancellationToken)>();

    private readonly List<RelayServiceFailure> _failures = [];
    private ServiceCalls? _calls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Must", "R-CMD-18")]
    public async Task Take_SameKeyWhileItIsDone_IsDoneOnceAndAllAreAnswered()
    {
        Call(1, "key");
        var begun = await BegunAsync();
        Call(2, "key", connection: 4);
        Call(2, "key", connection: 4);
        begun.Result.SetResult(ServiceResult.Of("done"));
        Assert.Equal((Connection, 1UL, ReturnStatus.Done, "done"), await AnswerAsync());
        Assert.Equal((4, 2UL, ReturnStatus.Done, "done"), await AnswerAsync());
        AssertQuiet();
    }

    [Fact]
    [Trait("Must", "R-CMD-18")]
    public async Task Take_SameKeyAfterwards_IsAnsweredAgainForAsLongAsItIsKept()
    {
        Call(1, "key");
        (await BegunAsync()).Result.SetResult(ServiceResult.Refused("not on sundays"));
        Assert.Equal((Connection, 1UL, ReturnStatus.Refused, "not on sundays"), await AnswerAsync());

        _time.Advance(CallMemory.Kept);
        Call(2, "key");
        Assert.Equal((Connection, 2UL, ReturnStatus.Refused, "not on sundays"), await AnswerAsync());
        AssertQuiet();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Call(3, "key");
        Assert.Equal("key", (await BegunAsync()).Command.Key);
    }

    [Fact]
    public async Task Take_DeadlinePasses_HandlerIsStoppedAndNobodyAnswered()
    {
        Call(1, "key");
        var begun = await BegunAsync();
        Assert.False(begun.Stop.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(DeadlineMilliseconds - 1));
        Assert.False(begun.Stop.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(begun.Stop.IsCancellationRequested);
        begun.Result.SetCanceled(begun.Stop);

        Call(2, "other");
        (await BegunAsync()).Result.SetResult(ServiceResult.Of("other"));
        Assert.Equal(2UL, (await AnswerAsync()).Ticket);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task Take_DoneAfterTheDeadline_IsKeptAndNotAnswered()
    {
        Call(1, "key");
        var begun = await BegunAsync();
        _time.Advance(TimeSpan.FromMilliseconds(DeadlineMilliseconds));
        begun.Result.SetResult(ServiceResult.Of("late"));

        // The one worker has put the first away before it begins with the second.
        Call(2, "other");
        await BegunAsync();
        Call(3, "key");
        Assert.Equal((Connection, 3UL, ReturnStatus.Done, "late"), await AnswerAsync());
    }

    [Fact]
    public async Task Take_AskedAgainWithALaterDeadline_IsWaitedForLonger()
    {
        Call(1, "key");
        var begun = await BegunAsync();
        _time.Advance(TimeSpan.FromMilliseconds(DeadlineMilliseconds - 1));
        Call(2, "key", connection: 4);
        begun.Result.SetResult(ServiceResult.Of("done"));
        Assert.Equal(1UL, (await AnswerAsync()).Ticket);
        Assert.Equal(2UL, (await AnswerAsync()).Ticket);
    }

    [Fact]
    public async Task Take_MoreThanAreDoneAtATime_WaitTheirTurnAndAreLeftWhenTheirTimeIsOver()
    {
        Call(1, "a");
        var first = await BegunAsync();
        Call(2, "b");
        Call(3, "c", deadlineMilliseconds: 2 * DeadlineMilliseconds);
        AssertQuiet();
        _time.Advance(TimeSpan.FromMilliseconds(DeadlineMilliseconds));
        first.Result.SetResult(ServiceResult.Of("done"));

        Assert.Equal("c", (await BegunAsync()).Command.Key);
    }

    [Fact]
    public async Task Take_MoreThanMayWait_FailsAtOnce()
    {
        Call(1, "first");
        await BegunAsync();
        for (int i = 0; i < ServiceCalls.WaitingMax; i++)
        {
            Call(10 + (ulong)i, $"key-{i}");
        }

        AssertQuiet();
        Call(5, "one-more");
        Assert.Equal((Connection, 5UL, ReturnStatus.Failed, ""), await AnswerAsync());
    }

    [Fact]
    public async Task Handler_Throws_FailsWithoutItsText()
    {
        Call(1, "key");
        (await BegunAsync()).Result.SetException(new InvalidOperationException("secret of alice"));
        Assert.Equal((Connection, 1UL, ReturnStatus.Failed, ""), await AnswerAsync());
        Assert.Equal(("now", "key", 1, "System.InvalidOperationException"), (_failures[0].Verb, _failures[0].Key, _failures[0].Attempt, _failures[0].Reason));
    }

    [Fact]
    public async Task StopAsync_HandlerThatHeedsNothing_IsNotWaitedForLongerThanAnEndMayTake()
    {
        Call(1, "key");
        var begun = await BegunAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(DeadlineMilliseconds), await _time.NextWaitAsync());
        Task stopping = Calls.StopAsync();
        TimeSpan patience = await _time.NextWaitAsync();
        Assert.True(begun.Stop.IsCancellationRequested);
        Assert.False(stopping.IsCompleted);
        _time.Advance(patience);
        await stopping.WaitAsync(Cancel);
        begun.Result.SetResult(ServiceResult.Of("late"));

        // What is late is told all the same when it comes, which may be before or after this is refused.
        Call(2, "after");
        var answers = new[] { await AnswerAsync(), await AnswerAsync() }.OrderBy(answer => answer.Ticket).Select(answer => (answer.Ticket, answer.Status));
        Assert.Equal([(1UL, ReturnStatus.Done), (2UL, ReturnStatus.Failed)], answers);
    }

    public ValueTask DisposeAsync()
    {
        _calls?.Dispose();
        return ValueTask.CompletedTask;
    }

    private ServiceCalls Calls => _calls ??= new ServiceCalls(
        new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint("127.0.0.1", 1)],
            TokenProvider = _ => ValueTask.FromResult("token"),
            TimeProvider = _time,
            ServiceCallsMax = 1,
        },
        async (command, stop) =>
        {
            var result = new TaskCompletionSource<ServiceResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            Assert.True(_begun.Writer.TryWrite((command, result, stop)));
            return await result.Task;
        },
        (connection, body) =>
        {
            Assert.Equal(DecodeStatus.Ok, ReturnBody.TryDecode(body, out ReturnBody returned));
            Assert.True(_answers.Writer.TryWrite((connection, returned.Ticket, returned.Status, Encoding.UTF8.GetString(returned.Text))));
        },
        _failures.Add);

    private void Call(ulong ticket, string key, int connection = Connection, uint deadlineMilliseconds = DeadlineMilliseconds) => Calls.Take(
        new CallBody
        {
            Ticket = ticket, Verb = "now"u8, Subject = "dfjwput3"u8, Key = Encoding.UTF8.GetBytes(key), DeadlineMilliseconds = deadlineMilliseconds, Attempt = 1,
        },
        connection);

    private ValueTask<(ServiceCommand Command, TaskCompletionSource<ServiceResult> Result, CancellationToken Stop)> BegunAsync() => _begun.Reader.ReadAsync(Cancel);

    private ValueTask<(int Connection, ulong Ticket, ReturnStatus Status, string Text)> AnswerAsync() => _answers.Reader.ReadAsync(Cancel);

    private void AssertQuiet()
    {
        Assert.False(_begun.Reader.TryRead(out _));
        Assert.False(_answers.Reader.TryRead(out _));
    }
}
