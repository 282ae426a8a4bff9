using RelayServer.Master.Sequencing;
using RelayServer.Protocol;

namespace RelayServer.Master.Channels;

/// <summary>The channels in memory: those with members, recent messages, or a log being read.</summary>
internal sealed class ChannelTable
{
    private readonly MasterOptions _options;
    private readonly Dictionary<byte[], ChannelState> _channels = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], ChannelState>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly Queue<ChannelState> _toLoad = new();
    private readonly List<ChannelState> _changed = [];
    private int _loading;

    public ChannelTable(MasterOptions options)
    {
        _options = options;
        _byName = _channels.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _channels.Count;

    public ChannelState GetOrAdd(ReadOnlySpan<byte> name, ulong epoch)
    {
        if (_byName.TryGetValue(name, out ChannelState? channel))
        {
            return channel;
        }

        channel = new ChannelState(name.ToArray(), epoch, _options);
        _channels.Add(channel.Name, channel);
        _toLoad.Enqueue(channel);
        return channel;
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
        return true;
    }

    public void RetryLoad(ChannelState channel)
    {
        if (!IsCurrent(channel))
        {
            return;
        }

        // A new state: pages taken so far would be counted twice.
        _loading--;
        var fresh = new ChannelState(channel.Name, channel.Epoch, _options);
        while (channel.Parked.TryDequeue(out ParkedRecord parked))
        {
            fresh.Parked.Enqueue(parked);
        }

        _channels[channel.Name] = fresh;
        _toLoad.Enqueue(fresh);
        channel.Dispose();
    }

    /// <summary>Notes that a channel's top moves, for the next digest.</summary>
    public void Changed(ChannelState channel)
    {
        if (!channel.ChangedSinceDigest)
        {
            channel.ChangedSinceDigest = true;
            _changed.Add(channel);
        }
    }

    /// <summary>Tells every interested edge the top of each channel that changed since the last time.</summary>
    public void WriteDigests(FlushBuilder builder)
    {
        foreach (ChannelState channel in builder.TakeChanged())
        {
            Changed(channel);
        }

        int written = 0;
        while (written < _changed.Count && !builder.IsFull)
        {
            ChannelState channel = _changed[written++];
            channel.ChangedSinceDigest = false;
            builder.WriteTop(channel);
        }

        // What a full flush leaves has its turn with the next tick.
        _changed.RemoveRange(0, written);
    }

    public void ForgetIdle(ulong nowMilliseconds)
    {
        ulong idleMilliseconds = (ulong)_options.ChannelIdleSeconds * 1000;
        foreach (ChannelState channel in _channels.Values)
        {
            if (channel.Phase == ChannelPhase.Ready
                && channel.Interested.Count == 0
                && channel.Parked.Count == 0
                && !channel.IsDirty
                && !channel.IsFlushing
                && !channel.ChangedSinceDigest
                && nowMilliseconds - channel.TouchedAtMilliseconds > idleMilliseconds)
            {
                _channels.Remove(channel.Name);
                channel.Dispose();
            }
        }
    }

    public void Clear()
    {
        foreach (ChannelState channel in _channels.Values)
        {
            channel.Dispose();
        }

        _channels.Clear();
        _toLoad.Clear();
        _changed.Clear();
        _loading = 0;
    }

    private bool IsCurrent(ChannelState channel) =>
        _channels.TryGetValue(channel.Name, out ChannelState? current) && ReferenceEquals(current, channel);
}
