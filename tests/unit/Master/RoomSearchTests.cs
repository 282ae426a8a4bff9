using RelayServer.Master.Queries;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Who searches in vain has every room looked at; the others find rooms all the same.</summary>
public sealed class RoomSearchTests : IDisposable
{
    private const int RoomsListed = 10_000;
    private const int SearchesMax = SearchBudget.RoomsMax / RoomsListed;
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;

    public RoomSearchTests()
    {
        _a = _bench.Edge("a-0001");
        _bench.List(1, Enumerable.Range(0, RoomsListed).Select(i =>
            new ListedRoom($"room-{i:00000}", "", "Sale", i < RoomsListed - 1 ? BroadcastState.Scheduled : BroadcastState.Live, 0, 0, 1)));
    }

    [Fact]
    public void Rooms_OneUserSearchesInVain_OthersFindAndHeWaits()
    {
        SearchInVain(5 * SearchesMax);
        RelayView relay = Relay();
        Assert.Equal(SearchesMax / 2, relay.Answers.Count);
        Assert.All(relay.Refusals, refusal => Assert.Equal((ErrorCode.Overloaded, 500U), (refusal.Code, refusal.RetryMilliseconds)));

        _a.QueryRooms("room-09999", user: "ben");
        Assert.Single(Relay().Answers);
        _bench.Core.Tick(_bench.Now);
        _a.QueryRooms("nothing", user: "mallory");
        Assert.Single(Relay().Answers);
    }

    [Fact]
    public void Rooms_OneUserSearchesInVainSecondAfterSecond_WhoComesNewFinds()
    {
        for (int second = 0; second < 3; second++)
        {
            // From the second on he shares with who came new before.
            SearchInVain(5 * SearchesMax);
            Assert.InRange(Relay().Answers.Count, SearchesMax / 8, SearchesMax / 2);
            _a.QueryRooms("room-09999", user: $"user-{second}");
            Assert.Single(Relay().Answers);
            _bench.Core.Tick(_bench.Now);
        }
    }

    [Fact]
    public void Rooms_ManyUsersSearchInVain_AreBoundedAndListsAreAnswered()
    {
        for (int i = 0; i < 5 * SearchesMax; i++)
        {
            _a.QueryRooms("nothing", user: $"user-{i}");
        }

        Assert.Equal(SearchesMax, Relay().Answers.Count);
        _a.QueryRooms(max: 1, user: "ben");
        Assert.Single(Relay().Answers);

        // Of the state that the last room alone is in: none of the others is looked at.
        _a.QueryRooms(state: (byte)BroadcastState.Live, user: "ben");
        Assert.Single(Relay().Answers);
        _a.QueryRooms("room-09999", user: "ben");
        Assert.Empty(Relay().Answers);
    }

    public void Dispose() => _bench.Dispose();

    private void SearchInVain(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _a.QueryRooms("nothing", user: "mallory");
        }
    }

    private RelayView Relay()
    {
        RelayView relay = Assert.Single(_bench.Flush());
        _a.Confirmed = relay.RelayNo;
        return relay;
    }
}
