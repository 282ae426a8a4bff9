using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>
/// Holds what clients see against what the log had: I1 acked is logged, I2 once, in order and without unreported
/// holes, I3 nothing that nobody sent, I4 nothing of another room.
/// </summary>
internal sealed class HistoryJudge(SimulatedStore store, bool storeMayLose)
{
    public int DeliveredCount { get; private set; }

    public int GapsTrimmed { get; private set; }

    public int GapsDiverged { get; private set; }

    public void Started(ClientRoom room, Position from, Position top)
    {
        room.Note($"joined({room.Start} {from.Epoch}-{from.Seq} top {top.Epoch}-{top.Seq})");
        Assert.True(from.Seq <= top.Seq, $"{room}: from {from} is behind top {top}");
        Assert.True(
            top == default || store.Log(room.Channel).Ever.ContainsKey((top.Epoch, top.Seq)), $"{room}: top {top} was never in the log");
        if (room.Start == JoinStart.Live)
        {
            Assert.Equal(top, from);
        }
    }

    public void Delivered(ClientRoom room, Position at, string user, ulong producerId, ulong number)
    {
        Assert.True(
            store.Log(room.Channel).Ever.TryGetValue((at.Epoch, at.Seq), out CommittedMessage? committed)
            && (committed.User, committed.ProducerId, committed.Number) == (user, producerId, number),
            $"{room}: delivered {at} of {user} number {number}, which the log never had there");
        Position have = room.Have!.Value;
        room.Note($"{at.Epoch}-{at.Seq}");
        if (at.Seq <= have.Seq)
        {
            Assert.True(at.Epoch <= have.Epoch, $"{room}: {at} begins another history below {have} without a GAP");
            return;
        }

        Assert.True(at.Seq == have.Seq + 1, $"{room}: hole between {have.Epoch}-{have.Seq} and {at.Epoch}-{at.Seq}");
        Assert.True(
            have.Epoch == at.Epoch || at.Seq == committed!.EntryFirstSeq && Follows(committed, have),
            $"{room}: {at} follows {committed!.EntryFollows}, not {have}, and there was no GAP");
        Assert.True(room.Given.Add(at), $"{room}: {at} was given twice");
        room.Have = at;
        room.Received++;
        DeliveredCount++;
    }

    public void Skipped(ClientRoom room, Position until, GapReason reason)
    {
        room.Note($"gap({reason} until {until.Epoch}-{until.Seq})");
        switch (reason)
        {
            case GapReason.Trimmed:
                GapsTrimmed++;
                Assert.True(
                    storeMayLose || until.Seq <= store.Log(room.Channel).TrimmedSeq,
                    $"{room}: GAP from {room.Have} to {until}, but trimmed is only {store.Log(room.Channel).TrimmedSeq}");
                break;
            case GapReason.HistoryDiverged:
                GapsDiverged++;
                Assert.True(storeMayLose, $"{room}: GAP from {room.Have} to {until} though nothing was lost");
                break;
            default:
                Assert.Fail($"GAP with reason {reason}");
                break;
        }

        room.Have = until;
        room.Gaps++;
    }

    public void Acknowledged(string channel, string user, ulong producerId, ulong number, Position at)
    {
        Assert.True(
            store.Log(channel).Ever.TryGetValue((at.Epoch, at.Seq), out CommittedMessage? committed)
            && (committed.User, committed.ProducerId, committed.Number) == (user, producerId, number),
            $"{channel}: number {number} of {user} acked at {at}, which the log never had there");
    }

    // A gap's "until" has the epoch of what follows it; the message before it may have an older one.
    private static bool Follows(CommittedMessage committed, Position have) =>
        committed.EntryFollows == have || (have.Seq == 0 && committed.EntryFollows.Seq == 0);
}
