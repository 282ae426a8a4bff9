using System.Text;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Master.Services;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A master's state machine with a simulated host: one flush under way, loads and ticks in virtual time.</summary>
internal sealed class SimulatedMaster : IDisposable
{
    private const int LoadPageBytes = 600;
    private const int ListedMax = 4;
    private readonly SimulatedWorld _world;
    private readonly MasterCore _core;
    private readonly FabricFlush _flush = new();
    private bool _isFlushing;

    public SimulatedMaster(SimulatedWorld world, string id, MasterOptions options)
    {
        _world = world;
        Id = id;
        _core = new MasterCore(options, Encoding.UTF8.GetBytes(id), new MasterCounters());
        world.Bus.Subscribe(FabricAddress.Master(id).Value, message =>
        {
            if (IsAlive)
            {
                Assert.True(_core.Receive(message, world.Time.Now));
                Pump();
            }
        });
        Claim();
        world.Time.Every(1000, Tick);
        world.Time.Every(250, TickQuarter);
    }

    public string Id { get; }

    /// <summary>Commands that are under way, outcomes that are remembered, and rooms that are being opened for them.</summary>
    public (int Commands, int Outcomes, int Rooms) Held => (_core.CommandCount, _core.OutcomeCount, _core.OpeningCount);

    public bool IsAlive { get; private set; } = true;

    /// <summary>As kill -9.</summary>
    public void Kill()
    {
        IsAlive = false;
        _world.Bus.Unsubscribe(FabricAddress.Master(Id).Value);
    }

    /// <summary>So much time passes at once.</summary>
    public void Skip(ulong milliseconds) => _core.TickQuarter(_world.Time.Now + milliseconds);

    public void Dispose()
    {
        Kill();
        _core.Dispose();
    }

    private bool Tick()
    {
        if (IsAlive)
        {
            _core.Tick(_world.Time.Now);
            Pump();
        }

        return IsAlive;
    }

    private bool TickQuarter()
    {
        if (IsAlive)
        {
            _core.TickQuarter(_world.Time.Now);
            Pump();
        }

        return IsAlive;
    }

    private void Claim()
    {
        if (!IsAlive)
        {
            return;
        }

        if (_world.Faults.IsFabricDown)
        {
            _world.Time.After(100, Claim);
            return;
        }

        _core.Own(_world.Store.Claim(Id, _core.EpochMax));
        _isFlushing = false;
        _world.Claimed();
        _world.TellSlotsChanged();
        Pump();
        if (_world.Services is not null)
        {
            List(_core.EpochMax, 0);
        }
    }

    // All that is saved, page by page.
    private void List(ulong epoch, ulong cursor) => _world.Time.Soon(20, () =>
    {
        if (!IsAlive || _core.EpochMax != epoch)
        {
            return;
        }

        if (_world.Faults.IsFabricDown)
        {
            _world.Time.After(100, () => List(epoch, cursor));
            return;
        }

        RecordList page = _world.Store.ListRecords(cursor, ListedMax);
        _core.Listed(epoch, StoredRecords.Read(page));
        Pump();
        if (page.Next > 0)
        {
            List(epoch, page.Next);
        }
    });

    private void Pump()
    {
        while (_core.TryNextLoad(out ChannelState channel))
        {
            ReadRoom(channel);
        }

        while (_core.TryNextTopicRead(out TopicCursor topic))
        {
            ReadTopic(topic);
        }

        if (!_isFlushing && _core.TryBuildFlush(_world.Time.Now, _flush))
        {
            _isFlushing = true;
            _world.Time.Soon(10, Commit);
        }
    }

    private void Commit()
    {
        if (!IsAlive)
        {
            return;
        }

        bool isUnknown = _world.Faults.IsFabricDown
            || (_world.Faults.FlushUnknownOneIn > 0 && _world.Time.OneIn(_world.Faults.FlushUnknownOneIn));
        FlushStatus status = FlushStatus.Unavailable;
        if (!isUnknown || (!_world.Faults.IsFabricDown && _world.Time.OneIn(2)))
        {
            status = _world.Store.Flush(Id, _flush);
        }

        if (isUnknown)
        {
            _world.Time.After(100, Commit);
        }
        else
        {
            _world.Time.Soon(5, () => Flushed(status));
        }
    }

    private void Flushed(FlushStatus status)
    {
        if (!IsAlive)
        {
            return;
        }

        _core.FlushDone();
        switch (status)
        {
            case FlushStatus.Committed:
                _isFlushing = false;
                Pump();
                break;
            case FlushStatus.StoreChanged:
                Claim();
                break;
            default:
                Kill();
                break;
        }
    }

    private void ReadRoom(ChannelState channel) => Reading(channel, () =>
    {
        byte[]? record = _world.Store.ReadRecord(channel.NameText);
        _world.Time.Soon(5, () =>
        {
            if (IsAlive)
            {
                channel.Restore(record is null ? null : Assert.IsType<RoomState>(RoomState.Decode(record)));
                Read(channel.Logs.First(), 0, 0);
            }
        });
    });

    private void Read(PartitionLog log, ulong epoch, ulong seq) => Reading(log.Channel, () =>
    {
        LogPage page = _world.Store.ReadFrom(log.Key, epoch, seq, LoadPageBytes);
        _world.Time.Soon(5, () => Loaded(log, page));
    });

    private void ReadTopic(TopicCursor topic) => _world.Time.Soon(20, () =>
    {
        if (!IsAlive)
        {
            return;
        }

        LogPage? page = _world.Faults.IsFabricDown ? null : _world.Store.ReadFrom(topic.Log, topic.Epoch, topic.Seq + 1, LoadPageBytes);
        _world.Time.Soon(page is null ? 100 : 5, () =>
        {
            if (IsAlive)
            {
                _core.TopicRead(topic, page, _world.Time.Now);
                Pump();
            }
        });
    });

    private void Reading(ChannelState channel, Action read) => _world.Time.Soon(15, () =>
    {
        if (!IsAlive)
        {
            return;
        }

        if (_world.Faults.IsFabricDown)
        {
            _world.Time.After(100, () =>
            {
                _core.LoadFailed(channel);
                Pump();
            });
            return;
        }

        read();
    });

    private void Loaded(PartitionLog log, LogPage page)
    {
        if (!IsAlive)
        {
            return;
        }

        Assert.True(ChannelLoad.TakePage(log, page));
        if (page.HasMore)
        {
            Read(log, page.Entries[^1].Epoch, page.Entries[^1].LastSeq + 1);
        }
        else if (log.Channel.After(log) is { } next)
        {
            Read(next, 0, 0);
        }
        else
        {
            _core.Loaded(log.Channel, _world.Time.Now);
            Pump();
        }
    }
}
