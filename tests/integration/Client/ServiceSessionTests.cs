using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>A service against whatever an edge may say to it, frame by frame.</summary>
public sealed class ServiceSessionTests : IAsyncLifetime
{
    private static readonly ServiceDefinition s_shop = new() { Name = "shop", Title = "Shop", Verbs = [new ServiceVerb { Name = "order", Summary = "Orders" }] };

    private readonly ScriptedEdge _edge = new() { Welcome = ScriptedServices.Welcome };
    private readonly List<RelayService> _services = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (RelayService service in _services)
        {
            await service.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline, CancellationToken.None);
        }

        await _edge.DisposeAsync();
    }

    [Fact]
    [Trait("Must", "R-SVC-10")]
    public async Task Start_ConnectionLost_RegistersAnewOnEach()
    {
        (_, ScriptedSession session, ScriptedFrame register) = await StartAsync(_ => ServiceResult.Of("done"));
        session.Reset();
        ScriptedSession next = await _edge.AcceptReadyAsync();
        Assert.Equal(register.Body, (await next.ExpectAsync(FrameType.Register)).Body);
    }

    [Fact]
    [Trait("Must", "R-CMD-18")]
    public async Task Call_OfAConnectionThatIsGone_IsAnsweredWhenItComesAgainAndDoneOnce()
    {
        int times = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = new TaskCompletionSource<ServiceResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_, ScriptedSession session, _) = await StartAsync(async (_, _) =>
        {
            Interlocked.Increment(ref times);
            begun.SetResult();
            return await result.Task;
        });
        await session.CallAsync(41, "key");
        await begun.Task.WaitAsync(ScriptedSession.Deadline, Cancel);
        session.Reset();
        ScriptedSession next = await _edge.AcceptReadyAsync();
        await next.RegisteredAsync(await next.ExpectAsync(FrameType.Register));
        await next.CallAsync(77, "key", attempt: 2);
        await next.TakenInAsync();
        result.SetResult(ServiceResult.Of("done"));

        Assert.Equal((77UL, ReturnStatus.Done, "done"), (await next.ExpectAsync(FrameType.Return)).Return());
        await next.TakenInAsync();
        Assert.Equal(1, times);
    }

    [Fact]
    public async Task Call_Several_AreDoneAtATime()
    {
        (_, ScriptedSession session, _) = await StartAsync(async (command, _) =>
        {
            await Task.Yield();
            return ServiceResult.Of(command.Key);
        });
        await session.CallAsync(1, "a");
        await session.CallAsync(2, "b");
        var returned = new[] { (await session.ExpectAsync(FrameType.Return)).Return(), (await session.ExpectAsync(FrameType.Return)).Return() };
        Assert.Equal([(1UL, ReturnStatus.Done, "a"), (2UL, ReturnStatus.Done, "b")], returned.Order());
    }

    [Fact]
    public async Task Register_RefusedForNow_IsTriedAgain()
    {
        Task<RelayService> starting = BeginAsync((_, _) => ValueTask.FromResult(ServiceResult.Of("done")));
        ScriptedSession session = await _edge.AcceptReadyAsync();
        ScriptedFrame register = await session.ExpectAsync(FrameType.Register);
        await session.ErrorAsync(ErrorCode.Unavailable, 1, null, null, register.Header.Correlation);
        ScriptedFrame again = await session.ExpectAsync(FrameType.Register);
        Assert.False(starting.IsCompleted);
        await session.RegisteredAsync(again);

        _services.Add(await starting.WaitAsync(ScriptedSession.Deadline, Cancel));
    }

    [Theory]
    [InlineData(ErrorCode.Forbidden)]
    [InlineData(ErrorCode.BadArgument)]
    [InlineData(ErrorCode.Conflict)]
    public async Task Register_RefusedForGood_EndsTheStart(ErrorCode code)
    {
        Task<RelayService> starting = BeginAsync((_, _) => ValueTask.FromResult(ServiceResult.Of("done")));
        ScriptedSession session = await _edge.AcceptReadyAsync();
        ScriptedFrame register = await session.ExpectAsync(FrameType.Register);
        await session.ErrorAsync(code, 0, null, null, register.Header.Correlation, "not this one");

        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => starting.WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task Register_RefusedForGoodLater_EndsTheService()
    {
        (RelayService service, ScriptedSession session, _) = await StartAsync(_ => ServiceResult.Of("done"));
        session.Reset();
        ScriptedSession next = await _edge.AcceptReadyAsync();
        ScriptedFrame register = await next.ExpectAsync(FrameType.Register);
        await next.ErrorAsync(ErrorCode.Conflict, 0, null, null, register.Header.Correlation);

        RelayException ended = await Assert.ThrowsAsync<RelayException>(() => service.Completion.WaitAsync(ScriptedSession.Deadline, Cancel));
        Assert.Equal(ErrorCode.Conflict, ended.Code);
    }

    [Fact]
    public async Task Return_RefusedAsTooLate_DisturbsNothing()
    {
        (RelayService service, ScriptedSession session, _) = await StartAsync(_ => ServiceResult.Of("done"));
        await session.CallAsync(1, "a");
        ScriptedFrame returned = await session.ExpectAsync(FrameType.Return);
        await session.ErrorAsync(ErrorCode.DeadlinePassed, 0, null, null, returned.Header.Correlation);
        await session.CallAsync(2, "b");
        Assert.Equal(2UL, (await session.ExpectAsync(FrameType.Return)).Return().Ticket);
        Assert.False(service.Completion.IsCompleted);
    }

    private Task<(RelayService Service, ScriptedSession Session, ScriptedFrame Register)> StartAsync(Func<ServiceCommand, ServiceResult> handler) =>
        StartAsync((command, _) => ValueTask.FromResult(handler(command)));

    private async Task<(RelayService Service, ScriptedSession Session, ScriptedFrame Register)> StartAsync(
        Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler)
    {
        Task<RelayService> starting = BeginAsync(handler);
        ScriptedSession session = await _edge.AcceptReadyAsync();
        ScriptedFrame register = await session.ExpectAsync(FrameType.Register);
        await session.RegisteredAsync(register);
        _services.Add(await starting.WaitAsync(ScriptedSession.Deadline, Cancel));
        return (_services[^1], session, register);
    }

    private Task<RelayService> BeginAsync(Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler) =>
        RelayService.StartAsync(_edge.ClientOptions, s_shop, handler, Cancel);
}
