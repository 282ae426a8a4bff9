using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Client;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Requests of operators inside a running edge.</summary>
public sealed class OperatorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ControlAsync_ManyAtATimeOverTwoEdges_EachHasAPlaceOfItsOwn()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        var rooms = Enumerable.Range(0, 40).Select(i => (Edge: i % 2 == 0 ? relay.EdgeA : relay.EdgeB, Text: $"notice {i}"));

        AdminAnswer[] answers = await Task.WhenAll(rooms.Select(one => one.Edge.ControlAsync("room.1", RoomControl.Notice(one.Text), "root", Cancellation)));

        Assert.All(answers, answer => Assert.True(answer.IsDone, answer.Text));
        Assert.Equal(Enumerable.Range(1, 40).Select(seq => (ulong)seq), answers.Select(answer => answer.Position!.Value.Seq).Order());
    }

    [Fact]
    public async Task ControlAsync_MembersAtBothEdges_SeeWhoDidIt()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using RoomMember ben = await RoomMember.JoinAsync(relay.B, "ben", "room.1");

        AdminAnswer answer = await relay.EdgeA.ControlAsync("room.1", RoomControl.Notice("hello"), "root", Cancellation);
        await ben.HasMessagesAsync(1);

        Assert.Equal(answer.Position, ben.Messages[0].At);
    }

    [Fact]
    public async Task ControlAsync_SplitIntoGroups_WaitsForTheCountOfMembers()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using RoomMember anna = await RoomMember.JoinAsync(relay.A, "anna", "room.1");
        await using RoomMember ben = await RoomMember.JoinAsync(relay.B, "ben", "room.1");

        AdminAnswer tooMany = await relay.EdgeA.ControlAsync("room.1", RoomControl.SplitIntoGroups(3), "root", Cancellation);
        AdminAnswer done = await relay.EdgeA.ControlAsync("room.1", RoomControl.SplitIntoGroups(2), "root", Cancellation);
        AdminAnswer again = await relay.EdgeA.ControlAsync("room.1", RoomControl.SplitIntoGroups(2), "root", Cancellation);

        Assert.Equal((ErrorCode.BadArgument, true, ErrorCode.Conflict), (tooMany.Code, done.IsDone, again.Code));
        Assert.Equal(2, (await StatusAsync(relay.EdgeB)).Partitioning.Count);
    }

    [Fact]
    public async Task ControlAsync_NameThatIsNoRooms_IsRefused()
    {
        await using TestRelay relay = await TestRelay.StartAsync();

        AdminAnswer answer = await relay.EdgeA.ControlAsync("a room", RoomControl.Merge(), "root", Cancellation);
        AdminAnswer tooLong = await relay.EdgeA.ControlAsync(new string('x', 2000), RoomControl.Merge(), "root", Cancellation);

        Assert.Equal((ErrorCode.BadChannelName, ErrorCode.MalformedBody), (answer.Code, tooLong.Code));
    }

    [Fact]
    public async Task ControlAsync_NoMaster_IsTriedForItsTimeAndNoLonger()
    {
        await using var parts = await LonelyEdge.StartAsync(edge => edge.OperatorTimeoutMilliseconds = 300);

        AdminAnswer answer = await parts.Edge.ControlAsync("room.1", RoomControl.Merge(), "root", Cancellation);

        Assert.Equal(ErrorCode.Unavailable, answer.Code);
    }

    [Fact]
    public async Task StopAsync_RequestsAreUnderWay_AreAnswered()
    {
        await using var parts = await LonelyEdge.StartAsync(edge => edge.DrainMilliseconds = 0);
        Task<AdminAnswer> control = parts.Edge.ControlAsync("room.1", RoomControl.Merge(), "root", Cancellation);

        await parts.Edge.StopAsync(Cancellation);

        Assert.Contains((await control).Code, (ErrorCode[])[ErrorCode.Draining, ErrorCode.ShuttingDown]);
        Assert.Equal(ErrorCode.Draining, (await parts.Edge.ControlAsync("room.1", RoomControl.Merge(), "root", Cancellation)).Code);
    }

    private static async Task<RoomStatus> StatusAsync(EdgeServer edge)
    {
        AdminAnswer answer = await edge.QueryAsync(new QueryBody { What = QueryKind.Status, Channel = "room.1"u8 }, "root", Cancellation);
        return RoomStatus.Decode(answer.Body.Span) ?? throw new InvalidOperationException(answer.Text);
    }

    /// <summary>An edge without a master.</summary>
    private sealed class LonelyEdge(IFabric fabric, EdgeServer edge, TemporaryFolder folder) : IAsyncDisposable
    {
        public EdgeServer Edge => edge;

        public static async Task<LonelyEdge> StartAsync(Action<EdgeOptions> configure)
        {
            var folder = new TemporaryFolder();
            var options = new EdgeOptions { Listen = "127.0.0.1:0" };
            configure(options);
            IFabric fabric = await EmbeddedFabric.OpenAsync(
                new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, Cancellation);
            var edge = new EdgeServer(options, fabric, new UserTokens(), TimeProvider.System, NullLoggerFactory.Instance);
            await edge.StartAsync(Cancellation);
            return new LonelyEdge(fabric, edge, folder);
        }

        public async ValueTask DisposeAsync()
        {
            await edge.DisposeAsync();
            await fabric.DisposeAsync();
            folder.Dispose();
        }
    }
}
