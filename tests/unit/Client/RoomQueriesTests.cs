using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Client;

public sealed class RoomQueriesTests
{
    private static readonly byte[] Question = RoomQueries.Encode(QueryKind.Members, "lobby");

    private readonly byte[] _sent = new byte[64 * 1024];

    [Fact]
    public async Task AskAsync_Answered_GivesTheAnswersBody()
    {
        (RoomQueries queries, ControlQueue control) = Open();
        Task<byte[]> asking = queries.AskAsync(Question, TestContext.Current.CancellationToken);
        uint correlation = Assert.Single(Sent(control));
        queries.TakeAnswer(correlation, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await asking);
    }

    [Fact]
    [Trait("Must", "R-QUERY-4")]
    public async Task TakeAnswer_NotAskedFor_IsPassedOver()
    {
        (RoomQueries queries, ControlQueue control) = Open();
        Task<byte[]> asking = queries.AskAsync(Question, TestContext.Current.CancellationToken);
        uint correlation = Assert.Single(Sent(control));
        queries.TakeAnswer(correlation + 1, [1]);
        queries.TakeAnswer(1, [2]);
        Assert.False(asking.IsCompleted);
        queries.TakeAnswer(correlation, [3]);
        queries.TakeAnswer(correlation, [4]);
        Assert.Equal([3], await asking);
    }

    [Fact]
    public async Task AskAsync_ConnectionLost_AsksTheNextOne()
    {
        (RoomQueries queries, ControlQueue control) = Open();
        Task<byte[]> asking = queries.AskAsync(Question, TestContext.Current.CancellationToken);
        uint correlation = Assert.Single(Sent(control));
        queries.Disconnected();
        control.Close();
        control.Open();
        queries.Connected(hasRooms: true);
        Assert.Equal([correlation], Sent(control));
        queries.TakeAnswer(correlation, [7]);
        Assert.Equal([7], await asking);
    }

    [Fact]
    public async Task AskAsync_RefusedForGood_Throws()
    {
        (RoomQueries queries, ControlQueue control) = Open();
        Task<byte[]> asking = queries.AskAsync(Question, TestContext.Current.CancellationToken);
        Assert.True(queries.TryTakeRefusal(Sent(control)[0], ErrorCode.Forbidden, "members only", TimeSpan.Zero));
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => asking);
        Assert.Equal(ErrorCode.Forbidden, error.Code);
    }

    [Fact]
    public async Task AskAsync_RefusedForLongerThanItsTime_ThrowsTheRefusal()
    {
        (RoomQueries queries, ControlQueue control) = Open(timeoutMilliseconds: 50);
        Task<byte[]> asking = queries.AskAsync(Question, TestContext.Current.CancellationToken);
        queries.TryTakeRefusal(Sent(control)[0], ErrorCode.Overloaded, "busy", TimeSpan.FromMinutes(1));
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => asking);
        Assert.Equal(ErrorCode.Overloaded, error.Code);
    }

    [Fact]
    public async Task AskAsync_NotAnswered_ThrowsInTime()
    {
        (RoomQueries queries, _) = Open(timeoutMilliseconds: 50);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => queries.AskAsync(Question, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.Unavailable, error.Code);
    }

    [Fact]
    public async Task AskAsync_EdgeWithoutRooms_Throws()
    {
        (RoomQueries queries, ControlQueue control) = Open(hasRooms: false);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => queries.AskAsync(Question, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.UnsupportedVersion, error.Code);
        Assert.Empty(Sent(control));
    }

    [Fact]
    public async Task AskAsync_ClientEnds_ThrowsItsFailure()
    {
        (RoomQueries queries, _) = Open();
        Task<byte[]> asking = queries.AskAsync(Question, TestContext.Current.CancellationToken);
        queries.Fail(new RelayException(ErrorCode.TokenRevoked, "revoked"));
        Assert.Equal(ErrorCode.TokenRevoked, (await Assert.ThrowsAsync<RelayException>(() => asking)).Code);
        Assert.Equal(ErrorCode.TokenRevoked, (await Assert.ThrowsAsync<RelayException>(() => queries.AskAsync(Question, default))).Code);
    }

    [Fact]
    public async Task AskAsync_TooManyWait_Throws()
    {
        (RoomQueries queries, _) = Open();
        using var cancel = new CancellationTokenSource();
        Task<byte[]>[] asking = [.. Enumerable.Range(0, RoomQueries.PendingMax).Select(_ => queries.AskAsync(Question, cancel.Token))];
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => queries.AskAsync(Question, cancel.Token));
        Assert.Equal(ErrorCode.Overloaded, error.Code);
        await cancel.CancelAsync();
        await Task.WhenAll(asking).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public void TryTakeRefusal_OfAJoin_IsNotTaken() =>
        Assert.False(Open().Queries.TryTakeRefusal(1, ErrorCode.Forbidden, "no", TimeSpan.Zero));

    [Fact]
    public void Encode_Rooms_HasTheSearch()
    {
        byte[] bytes = RoomQueries.Encode(QueryKind.Rooms, null, new RoomSearch { State = BroadcastState.Live, Text = "spring", After = "m", Max = 20 });
        Assert.Equal(DecodeStatus.Ok, QueryBody.TryDecode(bytes, out QueryBody body));
        Assert.Equal((QueryKind.Rooms, (byte?)BroadcastState.Live, (byte)20), (body.What, body.State, body.Max));
        Assert.Equal("spring"u8, body.Search);
        Assert.Equal("m"u8, body.After);
    }

    [Fact]
    public void EncodeRestrictions_AfterOne_HasItsUserAndKind()
    {
        byte[] bytes = RoomQueries.EncodeRestrictions("lobby", new RoomRestriction("bob", RestrictionKind.Ban, null, Role.Host, ""), 20);
        Assert.Equal(DecodeStatus.Ok, QueryBody.TryDecode(bytes, out QueryBody body));
        Assert.Equal((QueryKind.Restrictions, (byte)RestrictionKind.Ban, (byte)20), (body.What, body.AfterKind, body.Max));
        Assert.Equal("lobby"u8, body.Channel);
        Assert.Equal("bob"u8, body.After);
    }

    private static (RoomQueries Queries, ControlQueue Control) Open(bool hasRooms = true, int timeoutMilliseconds = 20_000)
    {
        var options = new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint("127.0.0.1", 1)],
            TokenProvider = _ => ValueTask.FromResult("token"),
            QueryTimeout = TimeSpan.FromMilliseconds(timeoutMilliseconds),
        };
        var control = new ControlQueue(new WakeSignal());
        control.Open();
        var queries = new RoomQueries(options, control);
        queries.Connected(hasRooms);
        return (queries, control);
    }

    private List<uint> Sent(ControlQueue control)
    {
        int bytes = control.Fill(_sent, out _);
        var correlations = new List<uint>();
        for (int offset = 0; offset < bytes;)
        {
            Assert.True(FrameHeader.TryRead(_sent.AsSpan(offset), out FrameHeader header));
            Assert.Equal(FrameType.Query, header.Type);
            correlations.Add(header.Correlation);
            offset += FrameHeader.SizeBytes + (int)header.BodyBytes;
        }

        return correlations;
    }
}
