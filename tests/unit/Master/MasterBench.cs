using System.Text;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Queries;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Services;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>A master's state machine whose flushes and loads the test does by hand.</summary>
internal sealed class MasterBench : IDisposable
{
    private const ulong QuarterMilliseconds = 250;

    private readonly FabricFlush _flush = new();
    private readonly Dictionary<LogKey, List<LogEntry>> _logs = [];
    private readonly Dictionary<string, byte[]> _records = [];
    private int _quarters;

    public MasterBench(Action<MasterOptions>? configure = null)
    {
        var options = new MasterOptions();
        configure?.Invoke(options);
        Core = new MasterCore(options, Encoding.UTF8.GetBytes("master"), Counters);
        Own(1);
    }

    public MasterCore Core { get; }

    public MasterCounters Counters { get; } = new();

    public ulong Now { get; set; } = 1000;

    public FabricFlush LastFlush => _flush;

    /// <summary>Channels of which the store has something that nobody can read.</summary>
    public HashSet<string> Unreadable { get; } = [];

    /// <summary>Nothing can be read now.</summary>
    public bool IsStoreAway { get; set; }

    public void Own(ulong epoch)
    {
        Claim(epoch);
        List(epoch);
    }

    /// <summary>Owns the slots, and has yet to read what is saved.</summary>
    public void Claim(ulong epoch) => Core.Own([.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, "master", epoch))]);

    /// <summary>All that is saved was read.</summary>
    public void List(ulong epoch) => Core.Listed(epoch, StoredRecords.Read(new RecordList([.. _records.Select(record => new FabricRecord(record.Key, record.Value))], 0)));

    /// <summary>Rooms that a listing of this epoch has found.</summary>
    public void List(ulong epoch, IEnumerable<ListedRoom> rooms)
    {
        var records = new StoredRecords();
        records.Rooms.AddRange(rooms);
        Core.Listed(epoch, records);
    }

    /// <summary>An edge that the master has heard and that knows its link.</summary>
    public EdgeVoice Edge(string id)
    {
        var edge = new EdgeVoice(Core, id) { Now = Now };
        edge.Heartbeat();
        edge.Link = Assert.Single(Flush(), relay => relay.To == edge.Address).Link;
        return edge;
    }

    /// <summary>Reads every log that waits to be read, as far as it was flushed.</summary>
    public void Load() => Load(_ => true);

    /// <summary>The same for one channel, while the others take their time.</summary>
    public void LoadOnly(string channel) => Load(name => name == channel);

    private void Load(Predicate<string> isRead)
    {
        List<ChannelState> failed = [];
        while (Core.TryNextLoad(out ChannelState channel))
        {
            if (!isRead(channel.NameText))
            {
                continue;
            }

            if (IsStoreAway || Unreadable.Contains(channel.NameText))
            {
                failed.Add(channel);
                continue;
            }

            if (_records.TryGetValue(channel.NameText, out byte[]? record))
            {
                channel.Restore(Assert.IsType<RoomState>(RoomState.Decode(record)));
            }

            foreach (PartitionLog log in channel.Logs.ToArray())
            {
                Assert.True(ChannelLoad.TakePage(log, new LogPage([.. Log(log.Key)], false)));
            }

            Core.Loaded(channel, Now);
        }

        failed.ForEach(Fail);
        while (Core.TryNextTopicRead(out TopicCursor topic))
        {
            Core.TopicRead(topic, new LogPage([.. Log(topic.Log).Where(entry => (entry.Epoch, entry.LastSeq).CompareTo((topic.Epoch, topic.Seq + 1)) >= 0)], false), Now);
        }
    }

    private void Fail(ChannelState channel)
    {
        if (IsStoreAway)
        {
            Core.LoadFailed(channel);
        }
        else
        {
            Core.Unreadable(channel, Now);
        }
    }

    /// <summary>What is saved of a room.</summary>
    public RoomState Saved(string channel) => Assert.IsType<RoomState>(RoomState.Decode(_records[channel]));

    /// <summary>The store has a room already.</summary>
    public void Save(string channel, RoomState state) => _records[channel] = state.Encode();

    public bool IsSaved(string name) => _records.ContainsKey(name);

    /// <summary>The names of what is saved, as far as they begin like this.</summary>
    public IEnumerable<string> RecordsOf(string prefix) => _records.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The log of a room that was never split.</summary>
    public List<LogEntry> Log(string channel) => Log(new LogKey(channel, 0, 0));

    public List<LogEntry> Log(LogKey key)
    {
        if (!_logs.TryGetValue(key, out List<LogEntry>? log))
        {
            log = [];
            _logs.Add(key, log);
        }

        return log;
    }

    /// <summary>Builds, commits and ends a flush; empty when there was none.</summary>
    public List<RelayView> Flush()
    {
        List<RelayView> relays = Build();
        Core.FlushDone();
        return relays;
    }

    /// <summary>Time passes, with its ticks, while these edges show themselves once a second and confirm; what was relayed.</summary>
    public List<RelayView> Pass(ulong milliseconds, params EdgeVoice[] alive)
    {
        List<RelayView> relays = [];
        for (ulong end = Now + milliseconds; Now < end;)
        {
            Now += QuarterMilliseconds;
            _quarters++;
            if (_quarters % 4 == 0)
            {
                foreach (EdgeVoice edge in alive)
                {
                    edge.Now = Now;
                    edge.Heartbeat();
                }

                Core.Tick(Now);
            }

            Core.TickQuarter(Now);
            List<RelayView> flushed = Flush();
            foreach (EdgeVoice edge in alive)
            {
                edge.Now = Now;
                edge.Confirmed = Math.Max(edge.Confirmed, flushed.Where(relay => relay.To == edge.Address).Select(relay => relay.RelayNo).LastOrDefault());
            }

            relays.AddRange(flushed);
        }

        return relays;
    }

    /// <summary>Builds and commits a flush that is still under way.</summary>
    public List<RelayView> Build()
    {
        if (!Core.TryBuildFlush(Now, _flush))
        {
            _flush.Clear();
            return [];
        }

        // A flush beyond the fabric's limits would end the master.
        FlushCheck.MeasureBytes(_flush);
        foreach (FabricAppend append in _flush.Appends)
        {
            Log(append.Log).Add(new LogEntry(append.Epoch, append.LastSeq, append.Body.ToArray()));
        }

        foreach (FabricTrim trim in _flush.Trims)
        {
            Log(trim.Log).RemoveAll(entry => (entry.Epoch, entry.LastSeq).CompareTo((trim.Epoch, trim.Seq)) < 0);
        }

        foreach (FabricRecord record in _flush.Records)
        {
            if (record.Body.IsEmpty)
            {
                _records.Remove(record.Name);
            }
            else
            {
                _records[record.Name] = record.Body.ToArray();
            }
        }

        foreach (LogKey dropped in _flush.Drops)
        {
            _logs.Remove(dropped);
        }

        return [.. _flush.Relays.Select(relay => new RelayView(_flush, relay))];
    }

    public void Dispose() => Core.Dispose();
}
