using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Sequencing;

namespace RelayServer.Master.Services;

/// <summary>
/// Has something done with a channel once its logs have been read, in the order in which it was asked for, and only while the next flush
/// has room.
/// </summary>
/// <param name="epochs">By slot the epoch at which it is held; 0: it is not.</param>
/// <param name="channels">The channels in memory.</param>
/// <param name="builder">Collects the next flush.</param>
internal sealed class ChannelOpener(ulong[] epochs, ChannelTable channels, FlushBuilder builder)
{
    // Channels that are read at the same time for what can wait.
    private const int OpeningMax = 64;

    // Of a flush, for what has waited for its channel to be read.
    private const int FlushDivisor = 2;

    private readonly Dictionary<ChannelState, Queue<Action<ChannelState, ulong>>> _waiting = [];
    private readonly Queue<ChannelState> _ready = new();

    /// <summary>Channels that are being read, or wait for their turn.</summary>
    public int OpeningCount => _waiting.Count;

    /// <summary>So many channels are being read that what can wait does: users want to enter others.</summary>
    public bool IsBusy => _waiting.Count >= OpeningMax;

    /// <summary>Does something now, or later; false when there is no room for another channel, or another master owns it.</summary>
    public bool TryOpen(ReadOnlySpan<byte> name, Action<ChannelState, ulong> then, ulong nowMilliseconds)
    {
        ulong epoch = epochs[Slot.Of(name)];
        if (epoch == 0 || channels.GetOrAdd(name, epoch, nowMilliseconds) is not { } channel)
        {
            return false;
        }

        if (_waiting.TryGetValue(channel, out Queue<Action<ChannelState, ulong>>? before))
        {
            before.Enqueue(then);
        }
        else if (channel.Phase == ChannelPhase.Ready && !builder.IsFull)
        {
            then(channel, nowMilliseconds);
            channels.ForgetIfEmpty(channel);
        }
        else
        {
            channel.IsAwaited = true;
            _waiting.Add(channel, new Queue<Action<ChannelState, ulong>>([then]));
            if (channel.Phase == ChannelPhase.Ready)
            {
                _ready.Enqueue(channel);
            }
        }

        return true;
    }

    /// <summary>The channel's logs have been read.</summary>
    public void Loaded(ChannelState channel, ulong nowMilliseconds)
    {
        if (_waiting.ContainsKey(channel))
        {
            _ready.Enqueue(channel);
            GoOn(nowMilliseconds);
        }
    }

    /// <summary>Does what waits, as far as the next flush has room for it.</summary>
    public void GoOn(ulong nowMilliseconds)
    {
        while (!builder.IsFilled(FlushDivisor) && _ready.TryPeek(out ChannelState? channel))
        {
            Queue<Action<ChannelState, ulong>> actions = _waiting[channel];
            if (actions.TryDequeue(out Action<ChannelState, ulong>? then))
            {
                then(channel, nowMilliseconds);
                continue;
            }

            _ready.Dequeue();
            _waiting.Remove(channel);
            channel.IsAwaited = false;
            channels.ForgetIfEmpty(channel);
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Abandon()
    {
        _waiting.Clear();
        _ready.Clear();
    }
}
