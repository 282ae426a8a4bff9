using System.Text;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A master's state machine with a simulated host: one flush under way, loads and ticks in virtual time.</summary>
internal sealed class SimulatedMaster : IDisposable
{
    private const int LoadPageBytes = 600;
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

    public bool IsAlive { get; private set; } = true;

    /// <summary>As kill -9.</summary>
    public void Kill()
    {
        IsAlive = false;
        _world.Bus.Unsubscribe(FabricAddress.Master(Id).Value);
    }

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
        _world.TellSlotsChanged();
        Pump();
    }

    private void Pump()
    {
        while (_core.TryNextLoad(out ChannelState channel))
        {
            ReadRoom(channel);
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
