using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Holds what clients see against what the log had: I1 acked is logged, I2 once, in order and without unreported
/// holes, I3 nothing that nobody sent, I4 nothing of another room or of another partition.
/// </summary>
internal sealed class HistoryJudge(SimulatedStore store, FlushJudge rooms, bool storeMayLose)
{
    private readonly MoveJudge _moves = new(store, rooms, storeMayLose);

    public int DeliveredCount { get; private set; }

    /// <summary>Those in a room that was split.</summary>
    public int DeliveredInSplitCount { get; private set; }

    public int GapsTrimmed { get; private set; }

    public int GapsDiverged { get; private set; }

    public MoveJudge Moves => _moves;

    public void Started(ClientRoom room, Position from, Position top)
    {
        room.Note($"joined({room.Start} {ClientRoom.Short(from)} top {ClientRoom.Short(top)})");
        bool isSameLog = (from.Generation, from.Partition) == (top.Generation, top.Partition);
        Assert.True(isSameLog ? from.Seq <= top.Seq : from.Generation < top.Generation, $"{room}: from {from} is behind top {top}");
        AssertWasThere(room, top);
        if (room.Start == JoinStart.Live)
        {
            Assert.Equal(top, from);
        }

        if (!room.IsObserver)
        {
            _moves.AssertBelongs(room, from);
            _moves.AssertBelongs(room, top);
        }
        else
        {
            Assert.True(from.Partition == 0 && top.Partition == 0, $"{room}: an observer is told of partition 0 first");
            room.Unannounced.Add(0);
        }

        if (!room.IsComplete)
        {
            // Of what it was told is missing, and the store has lost, the same may have been logged again.
            room.Heard.Clear();
        }

        room.StandAt(from);
        room.Began = from;
        room.IsComplete = true;
    }

    public void Delivered(ClientRoom room, Position at, in DeliverMessage message)
    {
        var name = new MessageName(System.Text.Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number);
        CommittedMessage? committed = Committed(room.Channel, at);
        Assert.True(
            committed is not null && (committed.Name, committed.Kind) == (name, message.Kind) && message.Payload.SequenceEqual(committed.Payload),
            $"{room}: delivered {at} of {name}, which the log never had there");
        Assert.True(room.Place(at.Generation, at.Partition) is not null, $"{room}: {at} of {name} is of another partition than {Standing(room)}");
        Position have = room.Place(at.Generation, at.Partition)!.Value;
        room.Note(at);
        if (at.Seq <= have.Seq)
        {
            Assert.True(at.Epoch <= have.Epoch, $"{room}: {at} begins another history below {have} without a GAP");
            return;
        }

        Assert.True(at.Seq == have.Seq + 1, $"{room}: hole between {ClientRoom.Short(have)} and {ClientRoom.Short(at)}");
        Assert.True(
            have.Epoch == at.Epoch || at.Seq == committed.EntryFirstSeq && Follows(committed, have),
            $"{room}: {at} follows {committed.EntryFollows}, not {have}, and there was no GAP");
        Assert.True(room.Given.Add(at), $"{room}: {at} was given twice");
        bool isNews = message.Kind == MessageKind.Void || message.Number == 0 || room.Heard.TryAdd((name, room.IsObserver ? at.Partition : 0), at);
        Assert.True(
            isNews || !room.IsComplete || IsDoubled(room.Channel, name) || _moves.IsLostBehind(room, name),
            $"{room}: {name} was given twice, now at {at}");
        room.StandAt(at);
        room.Received++;
        DeliveredCount++;
        DeliveredInSplitCount += rooms.Room(room.Channel).Division(at.Generation)!.Count > 1 ? 1 : 0;
    }

    public void Skipped(ClientRoom room, Position after, Position until, GapReason reason)
    {
        room.Note($"{reason}({ClientRoom.Short(until)})");
        Assert.True(room.IsObserver || after == room.Have || after.Seq == 0, $"{room}: GAP after {after}, but has {Standing(room)}");
        switch (reason)
        {
            case GapReason.Trimmed:
                GapsTrimmed++;
                _moves.Trimmed(room, until);
                break;
            case GapReason.HistoryDiverged:
                GapsDiverged++;
                // An edge that finds a log empty cannot always know whether it was dropped.
                bool isGone = store.Find(new LogKey(room.Channel, until.Generation, until.Partition))?.DroppedBy > 0;
                Assert.True(storeMayLose || isGone, $"{room}: GAP from {Standing(room)} to {until} though nothing was lost");
                _moves.Diverged(room, until);
                break;
            case GapReason.Moved:
                _moves.Moved(room, until);
                break;
            default:
                Assert.Fail($"GAP with reason {reason}");
                break;
        }

        room.IsComplete &= reason == GapReason.Moved;
        room.StandAt(until);
        room.Gaps++;
    }

    public void Acknowledged(string channel, MessageName name, Position at)
    {
        Assert.True(Committed(channel, at)?.Name == name, $"{channel}: {name} acked at {at}, which the log never had there");
        if (rooms.Room(channel).Broadcasts.TryGetValue(name, out (ulong Generation, Dictionary<uint, ulong> Seqs) broadcast))
        {
            // One that comes again when another master has read the logs is acked where it still is.
            uint first = broadcast.Seqs.Keys.Order().First(partition => partition == at.Partition || !IsTrimmed(channel, broadcast, partition));
            Assert.True(at.Partition == first, $"{channel}: {name} is in every partition, and acked at {at}");
        }
    }

    private bool IsTrimmed(string channel, (ulong Generation, Dictionary<uint, ulong> Seqs) message, uint partition) =>
        store.Find(new LogKey(channel, message.Generation, partition)) is not { } log || log.TrimmedSeq >= message.Seqs[partition];

    /// <summary>A client asked for a position that the server does not know: one that the store has lost.</summary>
    public void Unknown(ClientRoom room)
    {
        room.Note("unknown");
        Assert.True(storeMayLose, $"{room}: {Standing(room)} is unknown though nothing was lost");
        Unknowns++;
    }

    public int Unknowns { get; private set; }

    /// <summary>Who was told of no gap has heard everything that was said to everybody since it came.</summary>
    public void AssertHeardAllBroadcasts(ClientRoom room)
    {
        if (storeMayLose || room.IsObserver || !room.IsComplete || !room.IsJoined)
        {
            return;
        }

        foreach ((MessageName name, (ulong generation, Dictionary<uint, ulong> seqs)) in rooms.Room(room.Channel).Broadcasts)
        {
            bool isSince = generation > room.Began.Generation
                || (generation == room.Began.Generation && seqs.TryGetValue(room.Began.Partition, out ulong seq) && seq > room.Began.Seq);
            Assert.True(!isSince || room.Heard.ContainsKey((name, 0)), $"{room}: never heard {name} of generation {generation}, which was said to all after {ClientRoom.Short(room.Began)}");
            BroadcastsHeard += isSince ? 1 : 0;
        }
    }

    public int BroadcastsHeard { get; private set; }

    private static string Standing(ClientRoom room) => string.Join(" ", room.Places.Values.Select(ClientRoom.Short));

    private CommittedMessage? Committed(string channel, Position at) =>
        store.Find(new LogKey(channel, at.Generation, at.Partition))?.Ever.GetValueOrDefault((at.Epoch, at.Seq));

    private void AssertWasThere(ClientRoom room, Position at) => Assert.True(
        at.Seq == 0 || Committed(room.Channel, at) is not null,
        $"{room}: {at} was never in the log");

    // Logged twice because the first was trimmed, so that nobody could know.
    private bool IsDoubled(string channel, MessageName name) => rooms.Room(channel).Doubled.Contains(name);

    // A gap's "until" has the epoch of what follows it; the message before it may have an older one.
    private static bool Follows(CommittedMessage committed, Position have) =>
        committed.EntryFollows == have || (have.Seq == 0 && committed.EntryFollows.Seq == 0);
}
