using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Channels;

/// <summary>The channels in memory: those with members, recent messages, or a log being read.</summary>
internal sealed class ChannelTable
{
    /// <summary>A channel that cannot be read is tried again after so long, in milliseconds.</summary>
    public const ulong UnreadableRetryMilliseconds = 10_000;

    // So much is looked at to make room for one channel; what is busy then has its next turn last.
    private const int EvictionStepsMax = 64;

    // Every channel has its turn about once in so many ticks, while no more than the second number are due in one.
    private const int TicksBetweenTurns = 60;
    private const int TurnsMax = 4096;

    private readonly MasterOptions _options;
    private readonly Dictionary<byte[], ChannelState> _channels = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], ChannelState>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly Queue<ChannelState> _toLoad = new();
    private readonly Queue<(ChannelState Channel, ulong AtMilliseconds)> _unreadable = new();

    // Channels that no edge is interested in, the one that was touched last at the end.
    private readonly LinkedList<ChannelState> _unwanted = new();
    private readonly LinkedList<ChannelState> _turns = new();
    private readonly MasterCounters _counters;
    private int _loading;

    public ChannelTable(MasterOptions options, MasterCounters counters)
    {
        _options = options;
        _counters = counters;
        _byName = _channels.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _channels.Count;

    /// <summary>All that are in memory.</summary>
    public IEnumerable<ChannelState> All => _channels.Values;

    public ChannelState? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out ChannelState? channel) ? channel : null;

    /// <summary>False when it has left the memory; another of the same name may be there.</summary>
    public bool IsCurrent(ChannelState channel) =>
        _channels.TryGetValue(channel.Name, out ChannelState? current) && ReferenceEquals(current, channel);

    /// <summary>The channel; a new one waits to be read. Null when there is no room for another.</summary>
    public ChannelState? GetOrAdd(ReadOnlySpan<byte> name, ulong epoch, ulong nowMilliseconds)
    {
        ChannelState? channel = Find(name);
        if (channel is null)
        {
            if (_channels.Count >= _options.ChannelsMax && !TryEvict(nowMilliseconds))
            {
                return null;
            }

            channel = new ChannelState(name.ToArray(), epoch, _options);
            _channels.Add(channel.Name, channel);
            _toLoad.Enqueue(channel);
            _unwanted.AddLast(channel.Recency);
            _turns.AddLast(channel.Turn);
        }

        Touch(channel, nowMilliseconds);
        return channel;
    }

    /// <summary>Has a channel read that nobody asks for. False when others wait to be read, or when it would take their room.</summary>
    public bool TryAddUnwanted(ReadOnlySpan<byte> name, ulong epoch, ulong nowMilliseconds) =>
        _toLoad.Count == 0 && _channels.Count < _options.ChannelsMax && GetOrAdd(name, epoch, nowMilliseconds) is not null;

    /// <summary>How many channels have their turn in this tick.</summary>
    public int TurnsDue => Math.Min(TurnsMax, (_channels.Count + TicksBetweenTurns - 1) / TicksBetweenTurns);

    /// <summary>The channel whose last turn is longest ago; there must be one.</summary>
    public ChannelState NextTurn()
    {
        ChannelState channel = _turns.First!.Value;
        _turns.RemoveFirst();
        _turns.AddLast(channel.Turn);
        return channel;
    }

    /// <summary>An edge wants what comes.</summary>
    public void AddInterest(ChannelState channel, EdgeLink link, bool observes)
    {
        if (channel.Interested.Count == 0)
        {
            _unwanted.Remove(channel.Recency);
        }

        channel.AddInterest(link, observes);
    }

    /// <summary>An edge wants it no longer.</summary>
    public void RemoveInterest(ChannelState channel, EdgeLink link, ulong nowMilliseconds)
    {
        if (channel.RemoveInterest(link) && channel.Interested.Count == 0)
        {
            _unwanted.AddLast(channel.Recency);
            Touch(channel, nowMilliseconds);
            ForgetIfEmpty(channel);
        }
    }

    public bool TryNextLoad(out ChannelState channel)
    {
        channel = null!;
        if (_loading >= _options.LoadsMax || !_toLoad.TryDequeue(out ChannelState? next))
        {
            return false;
        }

        _loading++;
        next.Phase = ChannelPhase.Loading;
        channel = next;
        return true;
    }

    /// <summary>False when the table was cleared since the read began.</summary>
    public bool FinishLoad(ChannelState channel)
    {
        if (!IsCurrent(channel))
        {
            return false;
        }

        _loading--;
        channel.Phase = ChannelPhase.Ready;
        channel.UnreadableSinceMilliseconds = null;
        ForgetIfEmpty(channel);
        return true;
    }

    public void RetryLoad(ChannelState channel)
    {
        if (TryEndLoad(channel))
        {
            // How it is nobody knows while the store is away.
            channel.UnreadableSinceMilliseconds = null;
            _toLoad.Enqueue(channel);
        }
    }

    /// <summary>
    /// The store is there, and what it has of the channel cannot be read: that is tried again, but seldom, and takes nobody's turn meanwhile.
    /// False when it has left the memory.
    /// </summary>
    public bool Unreadable(ChannelState channel, ulong nowMilliseconds)
    {
        if (!TryEndLoad(channel))
        {
            return false;
        }

        channel.UnreadableSinceMilliseconds ??= nowMilliseconds;
        _unreadable.Enqueue((channel, nowMilliseconds + UnreadableRetryMilliseconds));
        return true;
    }

    /// <summary>About once a second: channels that could not be read have their turn again.</summary>
    public void RetryUnreadable(ulong nowMilliseconds)
    {
        while (_unreadable.TryPeek(out (ChannelState Channel, ulong AtMilliseconds) next) && next.AtMilliseconds <= nowMilliseconds)
        {
            _toLoad.Enqueue(_unreadable.Dequeue().Channel);
        }
    }

    public void ForgetIdle(ulong nowMilliseconds)
    {
        ulong idleMilliseconds = (ulong)_options.ChannelIdleSeconds * 1000;
        while (_unwanted.First?.Value is { } oldest && nowMilliseconds - oldest.TouchedAtMilliseconds > idleMilliseconds)
        {
            if (oldest.IsIdle)
            {
                Remove(oldest);
            }
            else
            {
                Touch(oldest, nowMilliseconds);
            }
        }
    }

    /// <summary>A channel that nothing was ever written to is no more than a name: nobody misses it.</summary>
    public void ForgetIfEmpty(ChannelState channel)
    {
        if (channel.IsBlank && channel.IsIdle && IsCurrent(channel))
        {
            Remove(channel);
        }
    }

    public void Clear()
    {
        foreach (ChannelState channel in _channels.Values)
        {
            channel.Dispose();
        }

        _channels.Clear();
        _unwanted.Clear();
        _turns.Clear();
        _toLoad.Clear();
        _unreadable.Clear();
        _loading = 0;
    }

    // Pages taken so far would be counted twice.
    private bool TryEndLoad(ChannelState channel)
    {
        if (!IsCurrent(channel))
        {
            return false;
        }

        _loading--;
        channel.Forget();
        channel.Phase = ChannelPhase.Queued;
        return true;
    }

    private void Touch(ChannelState channel, ulong nowMilliseconds)
    {
        channel.TouchedAtMilliseconds = nowMilliseconds;
        if (channel.Interested.Count == 0 && channel.Recency.Next is not null)
        {
            _unwanted.Remove(channel.Recency);
            _unwanted.AddLast(channel.Recency);
        }
    }

    private bool TryEvict(ulong nowMilliseconds)
    {
        for (int step = Math.Min(EvictionStepsMax, _unwanted.Count); step > 0; step--)
        {
            ChannelState oldest = _unwanted.First!.Value;
            if (oldest.IsIdle)
            {
                Remove(oldest);
                _counters.ChannelsEvicted++;
                return true;
            }

            Touch(oldest, nowMilliseconds);
        }

        return false;
    }

    private void Remove(ChannelState channel)
    {
        _unwanted.Remove(channel.Recency);
        _turns.Remove(channel.Turn);
        _channels.Remove(channel.Name);
        channel.Dispose();
    }
}
