using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>A storm of members that catch up: reads are bounded, in turn, and shared by those who need the same.</summary>
public sealed class LogReadsTests : IDisposable
{
    private const int ReadsMax = 4;
    private const int Storm = 1000;
    private readonly EdgeBench _bench = new(options => options.CatchUpReadsMax = ReadsMax);

    public LogReadsTests() => _bench.OwnSlots();

    private RecordingEffects Effects => _bench.Effects;

    [Fact]
    public void Resume_ManyFromTheSamePosition_OneReadAndOneFrameForAll()
    {
        for (int i = 0; i < Storm; i++)
        {
            Resume("room", 10);
        }

        _bench.Opened("room", 1, 30);
        Answer(EdgeBench.Entry("room", 1, 1, 10), EdgeBench.Entry("room", 1, 11, 20));
        Assert.Equal(Storm, Effects.Sent.Count(sent => sent.Type == FrameType.Joined));
        Drain();
        Answer(EdgeBench.Entry("room", 1, 21, 30));
        Drain();
        Assert.Equal(2, Effects.Reads.Count);
        Assert.Equal(2 * Storm, Effects.Sent.Count(sent => sent.Type == FrameType.Deliver));
        Assert.Equal(2, Effects.DeliverFrames.Count);
        Assert.Equal(Storm, Effects.Members.Count);
    }

    [Fact]
    public void Resume_ReadsThatFailForEver_LetOthersHaveTheirTurn()
    {
        for (ulong i = 0; i < ReadsMax; i++)
        {
            Resume("room", 10 + i);
        }

        Resume("room", 100);
        _bench.Opened("room", 1, 5000);
        Assert.DoesNotContain(Effects.Reads, read => read.Seq == 100);
        foreach (LogRead read in Effects.Reads.ToArray())
        {
            _bench.Core.LogRead(read, null);
        }

        Assert.Contains(Effects.Reads, read => read.Seq == 100);
        Assert.Equal(2 * ReadsMax, Effects.Reads.Count);
    }

    [Fact]
    public void Resume_ManyFromDifferentPositions_NeverMoreReadsThanAllowedAndAllAreLiveInTheEnd()
    {
        for (ulong i = 0; i < Storm; i++)
        {
            Resume("room", 10 + i);
        }

        _bench.Opened("room", 1, 5000);
        var order = new List<ulong>();
        for (int answered = 0; answered < Effects.Reads.Count; answered++)
        {
            Assert.InRange(Effects.Reads.Count - answered, 1, ReadsMax);
            LogRead read = Effects.Reads[answered];
            order.Add(read.Seq);
            _bench.Core.LogRead(read, new LogPage([EdgeBench.Entry("room", 1, read.Seq, read.Seq), EdgeBench.Entry("room", 1, read.Seq + 1, 5000)], false));
        }

        Drain();
        Assert.Equal(Enumerable.Range(10, Storm).Select(seq => (ulong)seq), order);
        Assert.Equal(Storm, Effects.Members.Count);
        Assert.Equal(0, _bench.Core.QueuedReads);
    }

    [Fact]
    public void LogRead_Failed_IsAskedForAgainInItsPlaceForAll()
    {
        Resume("room", 10);
        Resume("room", 10);
        _bench.Opened("room", 1, 30);
        _bench.Core.LogRead(Assert.Single(Effects.Reads), null);
        Assert.Equal(2, Effects.Reads.Count);
        Answer(EdgeBench.Entry("room", 1, 1, 30));
        Drain();
        Assert.Equal(2, Effects.Members.Count);
    }

    [Fact]
    public void Resume_CursorHasMovedSinceTheReadBegan_ReadsAgain()
    {
        Resume("room", 10);
        _bench.Opened("room", 1, 30);
        _bench.Deliver("room", 1, 31, 31);
        Resume("room", 10);
        Assert.Equal(2, Effects.Reads.Count);
        Assert.Equal(Effects.Reads[0].Seq, Effects.Reads[1].Seq);
    }

    [Fact]
    public void Resume_WaitsForItsTurnWhileTheCursorMoves_IsSharedStill()
    {
        Fill();
        Resume("room", 10);
        _bench.Opened("room", 1, 30);
        _bench.Deliver("room", 1, 31, 31);
        Resume("room", 10);
        Assert.Equal(1, _bench.Core.QueuedReads);
    }

    [Fact]
    public void Leave_BeforeItsTurn_NothingIsReadForIt()
    {
        Fill();
        EdgeSession gone = Resume("room", 10);
        _bench.Opened("room", 1, 30);
        Resume("other", 10);
        _bench.Opened("other", 1, 30);
        _bench.Leave(gone, "room");
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("full-0", 1, 1, 30)], false));
        Assert.Equal("other", Effects.Reads[^1].Log.Channel);
        Assert.Equal(0, _bench.Core.QueuedReads);
    }

    [Fact]
    public void LogRead_ForMembersThatHaveLeft_GivesItsPlaceToTheNext()
    {
        List<EdgeSession> readers = Fill();
        Resume("room", 10);
        _bench.Opened("room", 1, 30);
        _bench.Leave(readers[0], "full-0");
        _bench.Core.LogRead(Effects.Reads[0], null);
        Assert.Equal("room", Effects.Reads[^1].Log.Channel);
        Assert.Equal(ReadsMax + 1, Effects.Reads.Count);
    }

    [Fact]
    public void Relay_HoleWhileOthersCatchUp_IsRepairedFirst()
    {
        _bench.Join(_bench.SignIn(), "live");
        _bench.Opened("live", 1, 5);
        Fill();
        Resume("room", 10);
        _bench.Opened("room", 1, 30);
        _bench.Deliver("live", 1, 7, 7);
        Assert.Equal(ReadsMax, Effects.Reads.Count);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("full-0", 1, 1, 30)], false));
        Assert.Equal(LogReadKind.Repair, Effects.Reads[^1].Kind);
    }

    public void Dispose() => _bench.Dispose();

    // As many reads under way as may be.
    private List<EdgeSession> Fill()
    {
        var readers = new List<EdgeSession>();
        for (int i = 0; i < ReadsMax; i++)
        {
            readers.Add(Resume($"full-{i}", 10));
            _bench.Opened($"full-{i}", 1, 30);
        }

        Assert.Equal(ReadsMax, Effects.Reads.Count);
        return readers;
    }

    private EdgeSession Resume(string room, ulong seq)
    {
        EdgeSession session = _bench.SignIn();
        _bench.Join(session, room, JoinStart.Resume, position: new Position(0, 0, 1, seq));
        return session;
    }

    private void Answer(params LogEntry[] entries) => _bench.Core.LogRead(Effects.Reads[^1], new LogPage(entries, false));

    private void Drain()
    {
        Reader[] draining = [.. Effects.Draining];
        Effects.Draining.Clear();
        foreach (Reader reader in draining)
        {
            _bench.Core.Drained(reader);
        }
    }
}
