using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>What comes while holes are being filled: within one bound for the edge, and what is above it is read from the log.</summary>
public sealed class ParkedBatchesTests : IDisposable
{
    private const int Rooms = 30;
    private const int PayloadBytes = 10_000;
    private const int BytesMax = 500_000;
    private const ulong Top = 5;
    private const ulong FirstRelayed = 7;
    private const ulong Last = 30;

    private readonly EdgeBench _bench = new(options => options.ParkedBytesMax = BytesMax);

    [Fact]
    public void Relay_ManyRoomsInRepair_TogetherTheyStayWithinTheBound()
    {
        List<EdgeSession> sessions = HolesInManyRooms();
        Assert.InRange(_bench.Core.ParkedBytes, BytesMax - (2 * PayloadBytes), BytesMax);
        RunReads();
        Assert.Equal(0, _bench.Core.ParkedBytes);
        string everything = $"joined 0/0/{Top}, {string.Join(", ", Enumerable.Range((int)Top + 1, (int)(Last - Top)).Select(seq => $"0/0/{seq}"))}";
        Assert.All(sessions, session => Assert.Equal(everything, ReceivedStory.Of(_bench.Effects.Received[session.Id], null)));
    }

    [Fact]
    public void Leave_RoomInRepair_ItsPartOfTheBoundIsFree()
    {
        List<EdgeSession> sessions = HolesInManyRooms();
        for (int room = 0; room < Rooms; room++)
        {
            _bench.Leave(sessions[room], Name(room));
        }

        Assert.Equal(0, _bench.Core.ParkedBytes);
    }

    [Fact]
    public void Repair_BatchDroppedThatIsNotInThePageAndNothingComesAfterIt_IsReadOnceMore()
    {
        EdgeSession session = Member("room");
        Deliver("room", 7);
        LogRead read = Assert.Single(_bench.Effects.Reads);
        LogPage page = Page(read, 7);
        FillTheBound();
        Deliver("room", 8);
        _bench.Core.LogRead(read, page);
        LogRead again = Assert.Single(ReadsOf("room"), each => each != read);
        Assert.Equal((LogReadKind.Repair, 7UL), (again.Kind, again.Seq));
        _bench.Core.LogRead(again, Page(again, 8));
        Assert.Equal("joined 0/0/5, 0/0/6, 0/0/7, 0/0/8", ReceivedStory.Of(_bench.Effects.Received[session.Id], null));
        Assert.Equal(2, ReadsOf("room").Count());
    }

    [Fact]
    public void Repair_TopToldThatIsNotInThePageAndNothingComesAfterIt_IsReadOnceMore()
    {
        EdgeSession session = Member("room");
        Deliver("room", 7);
        LogRead read = Assert.Single(_bench.Effects.Reads);
        LogPage page = Page(read, 7);
        _bench.LoseRelay();
        _bench.Top("room", 1, 8);
        _bench.Core.LogRead(read, page);
        LogRead again = Assert.Single(ReadsOf("room"), each => each != read);
        _bench.Core.LogRead(again, Page(again, 8));
        Assert.Equal("joined 0/0/5, 0/0/6, 0/0/7, 0/0/8", ReceivedStory.Of(_bench.Effects.Received[session.Id], null));
        Assert.Equal(2, ReadsOf("room").Count());
    }

    [Fact]
    public void Relay_BatchThatShowsAHoleIsDropped_OneReadBringsBoth()
    {
        EdgeSession session = Member("room");
        FillTheBound();
        Deliver("room", 7);
        LogRead read = Assert.Single(ReadsOf("room"));
        _bench.Core.LogRead(read, Page(read, 7));
        Assert.Equal("joined 0/0/5, 0/0/6, 0/0/7", ReceivedStory.Of(_bench.Effects.Received[session.Id], null));
        Assert.Single(ReadsOf("room"));
    }

    public void Dispose() => _bench.Dispose();

    private static string Name(int room) => $"room-{room}";

    private static byte[] Body(string room, ulong seq) => EdgeBench.Body(room, new Position(0, 0, 1, seq), 1, MessageKind.Text, new byte[PayloadBytes], "bob");

    // What the log has from there on, when its last message is this.
    private static LogPage Page(LogRead read, ulong last) =>
        new([.. Enumerable.Range((int)read.Seq, (int)(last + 1 - read.Seq)).Select(seq => new LogEntry(1, (ulong)seq, Body(read.Log.Channel, (ulong)seq)))], false);

    private IEnumerable<LogRead> ReadsOf(string room) => _bench.Effects.Reads.Where(read => read.Log.Channel == room);

    private EdgeSession Member(string room)
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn($"user-of-{room}");
        _bench.Join(session, room);
        _bench.Core.Flush(_bench.Now);
        _bench.Opened(room, 1, Top);
        return session;
    }

    private void Deliver(string room, ulong seq) => _bench.Relay(new RelayRecord { Kind = RelayKind.Deliver, Body = Body(room, seq) });

    private void FillTheBound()
    {
        Member("other");
        for (ulong seq = FirstRelayed; seq < FirstRelayed + (BytesMax / PayloadBytes) + 1; seq++)
        {
            Deliver("other", seq);
        }
    }

    private List<EdgeSession> HolesInManyRooms()
    {
        List<EdgeSession> sessions = [.. Enumerable.Range(0, Rooms).Select(room => Member(Name(room)))];
        for (ulong seq = FirstRelayed; seq <= Last; seq++)
        {
            for (int room = 0; room < Rooms; room++)
            {
                Deliver(Name(room), seq);
            }
        }

        return sessions;
    }

    private void RunReads()
    {
        int read = 0;
        int handedOut = 0;
        while (read < _bench.Effects.Reads.Count || handedOut < _bench.Effects.HandingOut.Count)
        {
            if (read < _bench.Effects.Reads.Count)
            {
                LogRead next = _bench.Effects.Reads[read++];
                _bench.Core.LogRead(next, Page(next, Last));
            }
            else
            {
                _bench.Core.HandedOut(_bench.Effects.HandingOut[handedOut++]);
            }
        }
    }
}
