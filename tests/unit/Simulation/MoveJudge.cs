using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Holds every GAP to where it may lead: from the end of a generation to the beginning of the log of the next in which the
/// member belongs, from another edge's log to this one's as of one moment, or over what is gone.
/// </summary>
internal sealed class MoveJudge(SimulatedStore store, FlushJudge rooms, bool storeMayLose)
{
    /// <summary>From one generation to the next.</summary>
    public int Switches { get; private set; }

    /// <summary>From the log of one edge to that of another.</summary>
    public int EdgeMoves { get; private set; }

    /// <summary>Over whole generations that were dropped.</summary>
    public int Jumps { get; private set; }

    /// <summary>Observers, to every partition of a generation.</summary>
    public int ObserverSwitches { get; private set; }

    public void AssertBelongs(ClientRoom room, Position at) => Assert.True(
        rooms.Room(room.Channel).Belongs(at.Generation, at.Partition, room.User, room.Edge, storeMayLose),
        $"{room}: {ClientRoom.Short(at)} is not where the member belongs");

    public void Moved(ClientRoom room, Position until)
    {
        Position have = room.Have!.Value;
        if (room.IsObserver)
        {
            ObserverMoved(room, have, until);
        }
        else if (until.Generation == have.Generation)
        {
            AssertSameMoment(room, have, until);
            AssertBelongs(room, until);
            room.Left.Add((have.Generation, have.Partition));
            EdgeMoves++;
        }
        else
        {
            SplitNotice end = EndOf(room, have, until);
            uint partition = end.To.PartitionOf(Encoding.UTF8.GetBytes(room.User), room.Edge);
            Assert.True(until.Partition == partition, $"{room}: moved to {ClientRoom.Short(until)}, and belongs in partition {partition}");
            Switches++;
        }
    }

    public void Trimmed(ClientRoom room, Position until)
    {
        Position have = room.Have!.Value;
        if (room.Place(until.Generation, until.Partition) is not null)
        {
            ulong trimmedSeq = Log(room, until)?.TrimmedSeq ?? 0;
            Assert.True(storeMayLose || until.Seq <= trimmedSeq, $"{room}: trimmed to {until}, but that is only {trimmedSeq}");
            return;
        }

        bool isNext = until.Generation > have.Generation || (room.IsObserver && until.Generation == have.Generation);
        Assert.True((storeMayLose || isNext) && until.Seq == 0, $"{room}: trimmed from {have} to {until}");
        if (!storeMayLose)
        {
            AssertDropped(room, room.IsObserver ? until.Generation - 1 : have.Generation, until.Generation);
        }

        if (!room.IsObserver)
        {
            AssertBelongs(room, until);
        }

        Jumps++;
    }

    public void Diverged(ClientRoom room, Position until)
    {
        Position have = room.Have!.Value;
        if (!room.IsObserver && (have.Generation, have.Partition) != (until.Generation, until.Partition))
        {
            AssertBelongs(room, until);
        }

        // What an observer has of other partitions is of the old history, too: they may be told anew.
        room.Unannounced.UnionWith(room.Places.Keys);
    }

    /// <summary>
    /// The store has lost what the member had read in the partition of another edge before it came here: its position, which
    /// is in its own partition, cannot show that.
    /// </summary>
    public bool IsLostBehind(ClientRoom room, MessageName name)
    {
        Position first = room.Heard[(name, 0)];
        return storeMayLose
            && !room.IsObserver
            && room.Left.Contains((first.Generation, first.Partition))
            && Log(room, first)?.ByName.GetValueOrDefault(name)?.At != first;
    }

    private void ObserverMoved(ClientRoom room, Position have, Position until)
    {
        if (until.Generation == have.Generation)
        {
            bool isAnnounced = room.Places.ContainsKey(until.Partition) && !room.Unannounced.Remove(until.Partition);
            Assert.True(!isAnnounced, $"{room}: moved to {until} within a generation");
            return;
        }

        // It may have asked for the oldest there is, which has no place before it.
        if (room.Unannounced.Count == 0 || have != Position.Start)
        {
            Partitioning left = rooms.Room(room.Channel).Division(have.Generation)!;
            for (uint partition = 0; partition < left.Count; partition++)
            {
                Assert.True(room.Place(have.Generation, partition) is not null, $"{room}: has nothing of partition {partition} of {left.Count} before {until}");
                EndOf(room, room.Places[partition], until);
            }

            Assert.True(storeMayLose || room.Places.Count == left.Count, $"{room}: has more than {left.Count} partitions");
            ObserverSwitches++;
        }

        Assert.True(until.Seq == 0, $"{room}: moved to {until}, not to its beginning");
        room.Unannounced.Clear();
    }

    // The last message of the generation is what it has, and leads there.
    private SplitNotice EndOf(ClientRoom room, Position have, Position until)
    {
        SplitNotice? end = Log(room, have)?.Ever.GetValueOrDefault((have.Epoch, have.Seq))?.Ends;
        Assert.True(
            end is not null && end.To.Generation == until.Generation && until.Generation == have.Generation + 1 && until.Seq == 0,
            $"{room}: moved to {ClientRoom.Short(until)}, though {ClientRoom.Short(have)} is not the end that leads there");
        return end;
    }

    // One flush left both logs at these places: what was said to all is in both before them, or in both after them.
    private void AssertSameMoment(ClientRoom room, Position have, Position until)
    {
        Assert.True(
            rooms.Room(room.Channel).Division(have.Generation)?.Mode == SplitMode.Edges && have.Partition != until.Partition,
            $"{room}: moved from {have} to {until} within a generation");
        var times = Log(room, have)!.TimesAt(have).ToArray();
        Assert.True(
            Log(room, until)!.TimesAt(until).Any(time => Array.Exists(times, other => other.Since < time.Until && time.Since < other.Until)),
            $"{room}: {ClientRoom.Short(have)} and {ClientRoom.Short(until)} were never the ends at one moment");
    }

    private void AssertDropped(ClientRoom room, ulong first, ulong end)
    {
        for (ulong generation = first; generation < end; generation++)
        {
            Assert.True(
                rooms.Room(room.Channel).State.Generation(generation) is null,
                $"{room}: trimmed over generation {generation}, which is there");
        }
    }

    private SimulatedLog? Log(ClientRoom room, Position at) => store.Find(new LogKey(room.Channel, at.Generation, at.Partition));
}
