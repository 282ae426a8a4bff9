using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>A store that loses the tail of a log between two pages of it: who has read the first is told.</summary>
public sealed class LostTailTests : IDisposable
{
    private readonly EdgeBench _bench = new();

    [Fact]
    public void CatchUp_LogLosesWhatWasReadBeforeTheNextPage_IsTold()
    {
        EdgeSession session = ReadFirstPage();
        Answer(LogReadKind.Advance, 7, true, Entry(2, 7, 7));
        Answer(LogReadKind.Verify, 6, false, Entry(2, 6, 6), Entry(2, 7, 7));
        Assert.Equal("joined 0/0/2, 0/0/3, 0/0/4, 0/0/5, 0/0/6, HistoryDiverged 0/0/5, 0/0/6, 0/0/7", Story(session));
    }

    [Fact]
    public void CatchUp_NextPageIsOfANewOwnerThatLostNothing_IsToldOfNoGap()
    {
        EdgeSession session = ReadFirstPage();
        Answer(LogReadKind.Advance, 7, true, Entry(2, 7, 7));
        Answer(LogReadKind.Verify, 6, false, Entry(1, 3, 6), Entry(2, 7, 7));
        Assert.Equal("joined 0/0/2, 0/0/3, 0/0/4, 0/0/5, 0/0/6, 0/0/7", Story(session));
    }

    [Fact]
    public void CatchUp_EntriesThatFillAPageEach_GoesOn()
    {
        EdgeSession session = ReadFirstPage();
        Answer(LogReadKind.Advance, 7, true, Entry(2, 7, 7));
        Answer(LogReadKind.Verify, 6, true, Entry(1, 3, 6));
        Answer(LogReadKind.Advance, 7, false, Entry(2, 7, 7));
        Assert.Equal("joined 0/0/2, 0/0/3, 0/0/4, 0/0/5, 0/0/6, 0/0/7", Story(session));
    }

    [Fact]
    public void Repair_LogLosesWhatWasReadBeforeTheNextPage_MembersAreTold()
    {
        EdgeSession session = RepairFirstPage();
        Answer(LogReadKind.Repair, 13, true, Entry(2, 13, 13));
        Answer(LogReadKind.Repair, 12, false, Entry(2, 12, 12), Entry(2, 13, 13));
        Assert.Equal("joined 0/0/10, 0/0/11, 0/0/12, HistoryDiverged 0/0/11, 0/0/12, 0/0/13", Story(session));
    }

    [Fact]
    public void Repair_EntriesThatFillAPageEach_GoesOn()
    {
        EdgeSession session = RepairFirstPage();
        Answer(LogReadKind.Repair, 13, true, Entry(2, 13, 13));
        Answer(LogReadKind.Repair, 12, true, Entry(1, 11, 12));
        _bench.Core.HandedOut(_bench.Effects.HandingOut[^1]);
        Answer(LogReadKind.Repair, 13, false, Entry(2, 13, 13));
        Assert.Equal("joined 0/0/10, 0/0/11, 0/0/12, 0/0/13", Story(session));
    }

    public void Dispose() => _bench.Dispose();

    private static LogEntry Entry(ulong epoch, ulong first, ulong last) => EdgeBench.Entry("room", epoch, first, last);

    private EdgeSession ReadFirstPage()
    {
        EdgeSession session = Join(JoinStart.Resume, new Position(0, 0, 1, 2), top: 20);
        Answer(LogReadKind.Verify, 2, true, Entry(1, 2, 2), Entry(1, 3, 6));
        _bench.Core.Drained(Assert.Single(_bench.Effects.Draining));
        return session;
    }

    private EdgeSession RepairFirstPage()
    {
        EdgeSession session = Join(JoinStart.Live, default, top: 10);
        _bench.Deliver("room", 1, 20, 20);
        Answer(LogReadKind.Repair, 10, true, Entry(1, 9, 10), Entry(1, 11, 12));
        _bench.Core.HandedOut(Assert.Single(_bench.Effects.HandingOut));
        return session;
    }

    private EdgeSession Join(JoinStart start, Position position, ulong top)
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn();
        _bench.Join(session, "room", start, position: position);
        _bench.Opened("room", 1, top);
        return session;
    }

    private void Answer(LogReadKind kind, ulong seq, bool hasMore, params LogEntry[] entries)
    {
        LogRead read = _bench.Effects.Reads[^1];
        Assert.Equal((kind, seq), (read.Kind, read.Seq));
        _bench.Core.LogRead(read, new LogPage([.. entries], hasMore));
    }

    private string Story(EdgeSession session) => ReceivedStory.Of(_bench.Effects.Received[session.Id], null);
}
