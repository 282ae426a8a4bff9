using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Master;

/// <summary>What a channel remembers of one producer, against a plain table of everything.</summary>
public sealed class ProducerHistoryTests
{
    private const int Rounds = 200;
    private const int Steps = 400;

    [Fact]
    public void Find_NumberNeverSeen_IsNew() =>
        Assert.Equal(NumberLookup.New, new ProducerHistory().Find(1, out _));

    [Fact]
    public void Find_RunThatIsTrimmedInPart_OldHalfExpiredNewHalfKnown()
    {
        var history = new ProducerHistory();
        PartitionLog log = Log();
        for (ulong number = 1; number <= 10; number++)
        {
            history.Add(number, new MessagePlace(log, 1, 100 + number));
        }

        TrimTo(log, 105);
        Assert.Equal(NumberLookup.Expired, history.Find(5, out _));
        Assert.Equal(NumberLookup.Known, history.Find(6, out MessagePlace place));
        Assert.Equal(new MessagePlace(log, 1, 106), place);
        Assert.Equal(NumberLookup.New, history.Find(11, out _));
    }

    [Fact]
    public void Find_NumberBelowATrimmedOne_IsExpiredAlsoWhenItWasAHole()
    {
        var history = new ProducerHistory();
        PartitionLog log = Log();
        history.Add(10, new MessagePlace(log, 1, 1));
        TrimTo(log, 1);
        Assert.Equal(NumberLookup.Expired, history.Find(9, out _));
        Assert.Equal(NumberLookup.New, history.Find(11, out _));
        Assert.True(history.IsEmpty);
    }

    [Fact]
    public void Add_NumbersInFallingAndInMixedOrder_AreFoundAndTrimmedWithTheLog()
    {
        const ulong Numbers = 300_000;
        var history = new ProducerHistory();
        PartitionLog log = Log();
        for (ulong seq = 1; seq <= Numbers; seq++)
        {
            // From both ends to the middle: no place in a sorted list would be near an end of it.
            ulong number = seq % 2 == 0 ? Numbers + 1 - (seq / 2) : 1 + (seq / 2);
            Assert.Equal(NumberLookup.New, history.Find(number, out _));
            history.Add(number, new MessagePlace(log, 1, seq));
        }

        TrimTo(log, 2);
        Assert.Equal(NumberLookup.Known, history.Find(2, out MessagePlace found));
        Assert.Equal(3UL, found.Seq);
        TrimTo(log, 3);
        Assert.Equal(NumberLookup.Expired, history.Find(2, out _));
        TrimTo(log, Numbers);
        Assert.Equal(NumberLookup.Expired, history.Find(1, out _));
        Assert.True(history.IsEmpty);
    }

    [Fact]
    public void Find_NumbersInTwoLogs_EachGoesWithItsOwn()
    {
        var history = new ProducerHistory();
        PartitionLog before = Log();
        PartitionLog after = Log();
        history.Add(1, new MessagePlace(before, 1, 1));
        history.Add(2, new MessagePlace(after, 1, 2));

        Assert.Equal(NumberLookup.Known, history.Find(2, out MessagePlace place));
        Assert.Equal(new MessagePlace(after, 1, 2), place);
        before.Retention.Drop();
        Assert.Equal(NumberLookup.Expired, history.Find(1, out _));
        Assert.Equal(NumberLookup.Known, history.Find(2, out _));
    }

    [Fact]
    public void Find_RandomHistories_AgreesWithATable()
    {
        ulong seed = TestSeed.Choose();
        for (int round = 0; round < Rounds; round++)
        {
            Agree(new Random((int)(seed + (ulong)round)));
        }
    }

    private static PartitionLog Log()
    {
        var channel = new ChannelState([.. "room"u8], 1, new MasterOptions());
        return new PartitionLog(channel, 0, 0, new RetentionWindow(1, ulong.MaxValue));
    }

    private static void TrimTo(PartitionLog log, ulong seq)
    {
        RetentionWindow window = log.Retention;
        ulong last = window.Oldest?.LastSeq ?? 0;
        if (seq <= window.TrimmedSeq)
        {
            return;
        }

        if (seq > last)
        {
            window.Add(new RetainedEntry(1, last + 1, seq, 0));
        }

        window.Add(new RetainedEntry(1, seq + 1, seq + 1, 0));
        window.Trim(0);
        Assert.Equal(seq, window.TrimmedSeq);
    }

    private static void Agree(Random chance)
    {
        var history = new ProducerHistory();
        PartitionLog log = Log();
        var table = new Dictionary<ulong, (ulong Epoch, ulong Seq)>();
        ulong seq = 0;
        ulong trimmed = 0;
        ulong epoch = 1;
        ulong next = 1;
        for (int step = 0; step < Steps; step++)
        {
            ulong number = chance.Next(4) == 0 ? (ulong)chance.Next(1, (int)next + 2) : next;
            TrimTo(log, trimmed);
            NumberLookup found = history.Find(number, out MessagePlace at);
            if (table.TryGetValue(number, out (ulong Epoch, ulong Seq) place))
            {
                Assert.Equal(place.Seq > trimmed ? NumberLookup.Known : NumberLookup.Expired, found);
                Assert.True(found != NumberLookup.Known || place == (at.Epoch, at.Seq));
            }
            else if (found == NumberLookup.New)
            {
                seq += (ulong)chance.Next(1, 3);
                history.Add(number, new MessagePlace(log, epoch, seq));
                table.Add(number, (epoch, seq));
            }
            else
            {
                // Never logged, but nobody could tell: only at or below a number that was trimmed.
                Assert.Equal(NumberLookup.Expired, found);
                Assert.Contains(table, pair => pair.Key >= number && pair.Value.Seq <= trimmed);
            }

            next = Math.Max(next, number + (ulong)chance.Next(1, 3));
            trimmed = chance.Next(10) == 0 ? Math.Max(trimmed, seq - Math.Min(seq, (ulong)chance.Next(20))) : trimmed;
            epoch += chance.Next(50) == 0 ? 1UL : 0;
        }
    }
}
