using RelayServer.Edge;
using RelayServer.Edge.Admin;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>Requests of operators as frames of sessions without a connection, with an edge that the test plays.</summary>
public sealed class OperatorDeskTests : IDisposable
{
    private readonly EdgeOptions _options = new() { OperatorRequestsMax = 2, OperatorTimeoutMilliseconds = 10_000 };
    private readonly HandTime _time = new();
    private readonly List<ServerSide> _sessions = [];
    private readonly OperatorDesk _desk;

    public OperatorDeskTests() => _desk = new OperatorDesk(
        _options,
        (user, sink) =>
        {
            var session = new ServerSide(user, sink);
            _sessions.Add(session);
            return session;
        },
        _time);

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task ControlAsync_Acknowledged_SaysWhereItApplies()
    {
        Task<AdminAnswer> answer = Control();
        (FrameHeader header, byte[] body) = await _sessions[0].NextFrameAsync();

        Assert.Equal((FrameType.Publish, FrameFlags.AckWanted, "root"), (header.Type, header.Flags, _sessions[0].User));
        Assert.Equal(("room.1", MessageKind.Control, ControlVerb.Merge), Read(body));
        _sessions[0].Acknowledge(body, 42);

        AdminAnswer done = await answer;
        Assert.Equal((true, new Position(2, 0, 7, 42)), (done.IsDone, done.Position));
        Assert.True(_sessions[0].IsDisposed);
        Assert.Equal(0, _desk.UnderWay);
    }

    [Fact]
    public async Task ControlAsync_AckOfAnotherMessage_IsNotTheAnswer()
    {
        Task<AdminAnswer> answer = Control();
        (_, byte[] body) = await _sessions[0].NextFrameAsync();
        PublishBody.TryDecode(body, out PublishBody publish);
        (ulong producer, ulong number) = (publish.ProducerId, publish.Number);

        _sessions[0].Acknowledge(producer, number + 1, 1);
        _sessions[0].Acknowledge(producer + 1, number, 2);
        _sessions[0].Refuse(99, ErrorCode.Conflict);
        _sessions[0].Acknowledge(producer, number, 3);

        Assert.Equal(3UL, (await answer).Position?.Seq);
    }

    [Theory]
    [InlineData(ErrorCode.Conflict)]
    [InlineData(ErrorCode.Forbidden)]
    [InlineData(ErrorCode.NumberExpired)]
    public async Task ControlAsync_Refused_SaysWhy(ErrorCode code)
    {
        Task<AdminAnswer> answer = Control();
        (FrameHeader header, _) = await _sessions[0].NextFrameAsync();
        _sessions[0].Refuse(header.Correlation, code);

        AdminAnswer refused = await answer;
        Assert.Equal((false, code, "the reason", null), (refused.IsDone, refused.Code, refused.Text, refused.Position));
    }

    [Fact]
    public async Task ControlAsync_RefusedForNow_IsSentAgainUnderTheSameNumber()
    {
        Task<AdminAnswer> answer = Control();
        Assert.Equal(TimeSpan.FromSeconds(10), await _time.NextWaitAsync());
        (FrameHeader first, byte[] firstBody) = await _sessions[0].NextFrameAsync();
        _sessions[0].Refuse(first.Correlation, ErrorCode.Overloaded, 700);
        Assert.Equal(TimeSpan.FromMilliseconds(700), await _time.NextWaitAsync());
        _time.Advance(TimeSpan.FromMilliseconds(700));
        (FrameHeader second, byte[] secondBody) = await _sessions[0].NextFrameAsync();

        Assert.Equal(firstBody, secondBody);
        Assert.NotEqual(first.Correlation, second.Correlation);
        _sessions[0].Refuse(first.Correlation, ErrorCode.Conflict);
        _sessions[0].Acknowledge(secondBody, 43);
        Assert.Equal(43UL, (await answer).Position?.Seq);
        Assert.Single(_sessions);
    }

    [Fact]
    public async Task ControlAsync_RefusedForNowUntilTheEnd_SaysTheLastReason()
    {
        Task<AdminAnswer> answer = Control();
        await _time.NextWaitAsync();
        (FrameHeader header, _) = await _sessions[0].NextFrameAsync();
        _sessions[0].Refuse(header.Correlation, ErrorCode.Unavailable, 60_000);
        await _time.NextWaitAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        AdminAnswer last = await answer;
        Assert.Equal((ErrorCode.Unavailable, "the reason", 60_000u), (last.Code, last.Text, last.RetryAfterMilliseconds));
    }

    [Fact]
    public async Task ControlAsync_NoAnswer_EndsInTime()
    {
        Task<AdminAnswer> answer = Control();
        await _sessions[0].NextFrameAsync();
        _time.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        AdminAnswer last = await answer;
        Assert.Equal(ErrorCode.Unavailable, last.Code);
        Assert.Contains("not known", last.Text, StringComparison.Ordinal);
        Assert.True(_sessions[0].IsDisposed);
    }

    [Fact]
    public async Task ControlAsync_SessionIsClosed_IsNotTriedAgain()
    {
        Task<AdminAnswer> answer = Control();
        await _sessions[0].NextFrameAsync();
        _sessions[0].Close(ErrorCode.Draining);

        AdminAnswer closed = await answer;
        Assert.Equal((ErrorCode.Draining, "goodbye", 5u), (closed.Code, closed.Text, closed.RetryAfterMilliseconds));
    }

    [Fact]
    public async Task ControlAsync_ManyOneAfterTheOther_HaveNumbersOfTheirOwn()
    {
        var numbers = new HashSet<(ulong, ulong)>();
        for (int i = 0; i < 5; i++)
        {
            Task<AdminAnswer> answer = Control();
            (_, byte[] body) = await _sessions[i].NextFrameAsync();
            PublishBody.TryDecode(body, out PublishBody publish);
            numbers.Add((publish.ProducerId, publish.Number));
            _sessions[i].Acknowledge(body, 1);
            await answer;
        }

        Assert.Equal(5, numbers.Count);
        Assert.Single(numbers.Select(number => number.Item1).Distinct());
    }

    [Fact]
    public async Task AskAsync_MoreThanMayBeUnderWay_IsRefusedUntilOneHasEnded()
    {
        Task<AdminAnswer> first = Control();
        Task<AdminAnswer> second = Query(QueryKind.Status);

        AdminAnswer third = await Control();
        Assert.Equal((ErrorCode.Overloaded, 2), (third.Code, _sessions.Count));
        Assert.True(third.RetryAfterMilliseconds > 0);

        (_, byte[] body) = await _sessions[0].NextFrameAsync();
        _sessions[0].Acknowledge(body, 1);
        await first;
        _ = Control();
        Assert.Equal(3, _sessions.Count);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task QueryAsync_Answered_HasTheBody()
    {
        Task<AdminAnswer> answer = Query(QueryKind.Members);
        (FrameHeader header, byte[] body) = await _sessions[0].NextFrameAsync();
        Assert.Equal(FrameType.Query, header.Type);
        Assert.Equal(DecodeStatus.Ok, QueryBody.TryDecode(body, out QueryBody query));
        Assert.Equal(QueryKind.Members, query.What);

        _sessions[0].Send(FrameType.Answer, header.Correlation + 1, [0x90]);
        _sessions[0].Send(FrameType.Answer, header.Correlation, [0x91, 0x02]);
        Assert.Equal([0x91, 0x02], (await answer).Body.ToArray());
    }

    [Fact]
    public async Task ControlAsync_FrameAboveTheEdgesLimit_IsRefusedAtOnce()
    {
        _options.ClientFrameBytesMax = 1024;

        AdminAnswer answer = await _desk.ControlAsync("room.1", RoomControl.Notice(new string('x', 2000)), "root", TestContext.Current.CancellationToken);

        Assert.Equal((ErrorCode.PayloadTooLarge, 0), (answer.Code, _sessions.Count));
    }

    [Fact]
    public async Task ControlAsync_CallerGivesUp_IsToldSo()
    {
        using var giveUp = new CancellationTokenSource();
        Task<AdminAnswer> answer = _desk.ControlAsync("room.1", RoomControl.Merge(), "root", giveUp.Token);
        await _sessions[0].NextFrameAsync();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.True(_sessions[0].IsDisposed);
        Assert.Equal(0, _desk.UnderWay);
    }

    [Fact]
    public async Task Drain_OneIsUnderWay_ItEndsWithItsAnswerAndNoNewOneBegins()
    {
        Task<AdminAnswer> answer = Control();
        (_, byte[] body) = await _sessions[0].NextFrameAsync();
        _desk.Drain();

        Assert.Equal(ErrorCode.Draining, (await Control()).Code);
        _sessions[0].Acknowledge(body, 1);
        Assert.True((await answer).IsDone);
    }

    [Fact]
    public async Task Dispose_OneIsUnderWay_IsAnswered()
    {
        Task<AdminAnswer> answer = Control();
        await _sessions[0].NextFrameAsync();
        _desk.Dispose();

        Assert.Equal(ErrorCode.ShuttingDown, (await answer).Code);
        Assert.Equal(ErrorCode.Draining, (await Control()).Code);
    }

    private Task<AdminAnswer> Control() => _desk.ControlAsync("room.1", RoomControl.Merge(), "root", TestContext.Current.CancellationToken);

    private Task<AdminAnswer> Query(QueryKind what) =>
        _desk.QueryAsync(new QueryBody { What = what, Channel = "room.1"u8 }, "root", TestContext.Current.CancellationToken);

    private static (string Room, MessageKind Kind, ControlVerb? Verb) Read(byte[] body)
    {
        Assert.Equal(DecodeStatus.Ok, PublishBody.TryDecode(body, out PublishBody publish));
        return (System.Text.Encoding.UTF8.GetString(publish.Channel), publish.Kind, RoomControl.Decode(publish.Payload, out _)?.Verb);
    }
}
