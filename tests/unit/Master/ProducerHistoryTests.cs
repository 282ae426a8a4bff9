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
        Assert.Equal(NumberLookup.New, new ProducerHistory().Find(1, 0, out _, out _));

    [Fact]
    public void Find_RunThatIsTrimmedInPart_OldHalfExpiredNewHalfKnown()
    {
        var history = new ProducerHistory();
        for (ulong number = 1; number <= 10; number++)
        {
            history.Add(number, 1, 100 + number);
        }

        Assert.Equal(NumberLookup.Expired, history.Find(5, 105, out _, out _));
        Assert.Equal(NumberLookup.Known, history.Find(6, 105, out ulong epoch, out ulong seq));
        Assert.Equal((1UL, 106UL), (epoch, seq));
        Assert.Equal(NumberLookup.New, history.Find(11, 105, out _, out _));
    }

    [Fact]
    public void Find_NumberBelowATrimmedOne_IsExpiredAlsoWhenItWasAHole()
    {
        var history = new ProducerHistory();
        history.Add(10, 1, 1);
        Assert.Equal(NumberLookup.Expired, history.Find(9, 1, out _, out _));
        Assert.Equal(NumberLookup.New, history.Find(11, 1, out _, out _));
        Assert.True(history.IsEmpty);
    }

    [Fact]
    public void Add_NumbersInFallingAndInMixedOrder_AreFoundAndTrimmedWithTheLog()
    {
        const ulong Numbers = 300_000;
        var history = new ProducerHistory();
        for (ulong seq = 1; seq <= Numbers; seq++)
        {
            // From both ends to the middle: no place in a sorted list would be near an end of it.
            ulong number = seq % 2 == 0 ? Numbers + 1 - (seq / 2) : 1 + (seq / 2);
            Assert.Equal(NumberLookup.New, history.Find(number, 0, out _, out _));
            history.Add(number, 1, seq);
        }

        Assert.Equal(NumberLookup.Known, history.Find(2, 2, out _, out ulong found));
        Assert.Equal(3UL, found);
        Assert.Equal(NumberLookup.Expired, history.Find(2, 3, out _, out _));
        Assert.Equal(NumberLookup.Expired, history.Find(1, Numbers, out _, out _));
        Assert.True(history.IsEmpty);
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

    private static void Agree(Random chance)
    {
        var history = new ProducerHistory();
        var table = new Dictionary<ulong, (ulong Epoch, ulong Seq)>();
        ulong seq = 0;
        ulong trimmed = 0;
        ulong epoch = 1;
        ulong next = 1;
        for (int step = 0; step < Steps; step++)
        {
            ulong number = chance.Next(4) == 0 ? (ulong)chance.Next(1, (int)next + 2) : next;
            NumberLookup found = history.Find(number, trimmed, out ulong foundEpoch, out ulong foundSeq);
            if (table.TryGetValue(number, out (ulong Epoch, ulong Seq) place))
            {
                Assert.Equal(place.Seq > trimmed ? NumberLookup.Known : NumberLookup.Expired, found);
                Assert.True(found != NumberLookup.Known || place == (foundEpoch, foundSeq));
            }
            else if (found == NumberLookup.New)
            {
                seq += (ulong)chance.Next(1, 3);
                history.Add(number, epoch, seq);
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
