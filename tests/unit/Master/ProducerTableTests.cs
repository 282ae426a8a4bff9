using System.Text;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Master;

/// <summary>What a channel remembers of all its producers follows what its logs keep, in whatever order these shrink.</summary>
public sealed class ProducerTableTests
{
    private const ulong Kept = 1000;

    // Below this nobody looks.
    private const int Slack = 100;

    private readonly ProducerTable _table = new();

    [Fact]
    public void Add_FirstNumberIsInALogThatStays_TheOthersGoWithTheirOwn()
    {
        PartitionLog quiet = Log();
        PartitionLog busy = Log();
        ProducerHistory ann = Producer("ann");
        ProducerHistory bob = Producer("bob");
        _table.Add(ann, 1, new MessagePlace(quiet, 1, 1));
        _table.Add(bob, 1, new MessagePlace(quiet, 1, 2));
        for (ulong i = 1; i <= 20 * Kept; i++)
        {
            // In turns: no two messages of one are neighbours.
            Say(ann, 1 + i, busy, 2 * i);
            Say(bob, 1 + i, busy, (2 * i) + 1);
            TrimTo(busy, (2 * i) + 1);
            Assert.InRange(ann.Count + bob.Count, 1, Slack + (2 * (int)Kept));
        }

        Assert.Equal(NumberLookup.Known, ann.Find(1, out MessagePlace place));
        Assert.Equal(new MessagePlace(quiet, 1, 1), place);
        Assert.Equal(NumberLookup.Expired, ann.Find(2, out _));
        Assert.Equal(NumberLookup.Expired, ann.Find(10 * Kept, out _));
        Assert.Equal(NumberLookup.Known, ann.Find(20 * Kept, out _));
        Assert.Equal(NumberLookup.New, ann.Find(2 + (20 * Kept), out _));
    }

    [Fact]
    public void Add_FirstOfFallingNumbersIsInALogThatStays_TheOthersGoWithTheirOwn()
    {
        const ulong Top = 100 * Kept;
        PartitionLog quiet = Log();
        PartitionLog busy = Log();
        ProducerHistory ann = Producer("ann");
        _table.Add(ann, Top, new MessagePlace(quiet, 1, 1));
        _table.Add(ann, Top - 1, new MessagePlace(quiet, 1, 2));
        for (ulong i = 2; i <= 20 * Kept; i++)
        {
            _table.Add(ann, Top - i, new MessagePlace(busy, 1, i));
            TrimTo(busy, i);
            Assert.InRange(ann.Count, 1, Slack + (2 * (int)Kept));
        }

        Assert.Equal(NumberLookup.Known, ann.Find(Top - 1, out _));
        Assert.Equal(NumberLookup.Expired, ann.Find(Top - 2, out _));
        Assert.Equal(NumberLookup.Known, ann.Find(Top - (20 * Kept), out _));
    }

    [Fact]
    public void Add_ProducersSpeakOneAfterTheOther_ThoseBeforeAreNotKeptForTheirOwnSake()
    {
        const int Users = 50;
        PartitionLog log = Log();
        List<ProducerHistory> producers = [];
        ulong seq = 0;
        for (int user = 0; user < Users; user++)
        {
            ProducerHistory producer = Producer($"user-{user}");
            producers.Add(producer);
            for (ulong number = 1; number <= Kept; number++)
            {
                Say(producer, number, log, seq += 2);
                TrimTo(log, seq);
            }
        }

        Assert.InRange(producers.Sum(producer => producer.Count), 1, Slack + Users + (2 * (int)Kept));
        Assert.Equal(NumberLookup.Expired, producers[0].Find(Kept, out _));
        Assert.Equal(NumberLookup.Known, producers[^1].Find(Kept, out _));
    }

    [Fact]
    public void Find_RandomNumbersInLogsThatShrinkInAnyOrder_AgreesWithATableOfEverything()
    {
        const int Rounds = 100;
        ulong seed = TestSeed.Choose();
        for (int round = 0; round < Rounds; round++)
        {
            Agree(new Random((int)(seed + (ulong)round)));
        }
    }

    private static void Agree(Random chance)
    {
        const int Steps = 2000;
        var table = new ProducerTable();
        PartitionLog[] logs = [Log(), Log(), Log()];
        ulong[] ends = new ulong[logs.Length];

        // One log hardly shrinks, as that of a generation before.
        int[] kept = [chance.Next(1, 50), chance.Next(1, 200), Steps];
        ProducerHistory[] producers = [.. Enumerable.Range(0, 3).Select(user => table.GetOrAdd([(byte)user], 7))];
        Dictionary<ulong, MessagePlace>[] everything = [[], [], []];
        ulong[] next = [1, 1, 1];
        int retainedMax = 0;
        for (int step = 0; step < Steps; step++)
        {
            int user = chance.Next(producers.Length);
            ulong number = chance.Next(4) == 0 ? (ulong)chance.Next(1, (int)next[user] + 2) : next[user];
            NumberLookup found = producers[user].Find(number, out MessagePlace at);
            if (everything[user].TryGetValue(number, out MessagePlace place))
            {
                Assert.Equal(place.IsTrimmed ? NumberLookup.Expired : NumberLookup.Known, found);
                Assert.True(found != NumberLookup.Known || at == place);
            }
            else if (found == NumberLookup.New)
            {
                int log = step < 10 ? 2 : chance.Next(2);
                ends[log] += (ulong)chance.Next(1, 3);
                place = new MessagePlace(logs[log], 1, ends[log]);
                table.Add(producers[user], number, place);
                everything[user].Add(number, place);
                TrimTo(logs[log], ends[log], (ulong)kept[log]);
            }
            else
            {
                // Never logged, but nobody could tell: only at or below a number that was trimmed.
                Assert.Equal(NumberLookup.Expired, found);
                Assert.Contains(everything[user], pair => pair.Key >= number && pair.Value.IsTrimmed);
            }

            next[user] = Math.Max(next[user], number + (ulong)chance.Next(1, 3));
            retainedMax = step % 16 == 0 ? Math.Max(retainedMax, everything.Sum(of => of.Count(pair => !pair.Value.IsTrimmed))) : retainedMax;
        }

        Assert.InRange(producers.Sum(producer => producer.Count), 1, Slack + (2 * retainedMax));
    }

    private static PartitionLog Log()
    {
        var channel = new ChannelState([.. "room"u8], 1, new MasterOptions());
        return new PartitionLog(channel, 0, 0, new RetentionWindow(1, ulong.MaxValue));
    }

    // All but the last of the log has left it.
    private static void TrimTo(PartitionLog log, ulong last, ulong kept = Kept)
    {
        RetentionWindow window = log.Retention;
        ulong end = window.Oldest?.LastSeq ?? 0;
        if (last > end + kept)
        {
            window.Add(new RetainedEntry(1, end + 1, last - kept, 0));
            window.Trim(0);
        }
    }

    private void Say(ProducerHistory producer, ulong number, PartitionLog log, ulong seq) =>
        _table.Add(producer, number, new MessagePlace(log, 1, seq));

    private ProducerHistory Producer(string user) => _table.GetOrAdd(Encoding.UTF8.GetBytes(user), 7);
}
