using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>
/// Has something done with a channel once its logs have been read, in the order in which it was asked for, and only while the next flush
/// has room. Where they cannot be read, it is told so after a while: nothing waits for ever.
/// </summary>
/// <param name="epochs">By slot the epoch at which it is held; 0: it is not.</param>
/// <param name="channels">The channels in memory.</param>
/// <param name="builder">Collects the next flush.</param>
internal sealed class ChannelOpener(ulong[] epochs, ChannelTable channels, FlushBuilder builder)
{
    /// <summary>What can wait is not begun while so much of it waits for channels: users want to enter others.</summary>
    public const int PatientMax = 64;

    /// <summary>How long a channel that cannot be read is waited for, in milliseconds. While the store is away that is no fault of the channel's, and takes what it takes.</summary>
    public const ulong UnreadableMilliseconds = 2 * ChannelTable.UnreadableRetryMilliseconds;

    // Of a flush, for what has waited for its channel to be read.
    private const int FlushDivisor = 2;

    /// <summary>Why nothing can be done with a channel: there is no room for another.</summary>
    public static readonly ControlRefusal TooMany = new(ErrorCode.Overloaded, "too many rooms are in use; try again", Refusals.RetryAfterMilliseconds);

    /// <summary>Why nothing can be done with a channel: it was opened in vain.</summary>
    public static readonly ControlRefusal CannotBeRead = new(
        ErrorCode.Unavailable, "what is stored of this room cannot be read; try again later", Refusals.RetryAfterMilliseconds);

    private readonly Dictionary<ChannelState, Queue<(Action<ChannelState?, ulong> Then, bool IsPatient)>> _waiting = [];
    private readonly Queue<ChannelState> _ready = new();
    private int _patient;

    /// <summary>Channels that are being read, or wait for their turn.</summary>
    public int OpeningCount => _waiting.Count;

    /// <summary>So much of what can wait does that no more of it should be begun.</summary>
    public bool IsBusy => _patient >= PatientMax;

    /// <summary>
    /// Does something now, or later; false when there is no room for another channel, or another master owns it. It is given no channel when
    /// that cannot be read.
    /// </summary>
    public bool TryOpen(ReadOnlySpan<byte> name, Action<ChannelState?, ulong> then, ulong nowMilliseconds, bool isPatient = false)
    {
        ulong epoch = epochs[Slot.Of(name)];
        if (epoch == 0 || channels.GetOrAdd(name, epoch, nowMilliseconds) is not { } channel)
        {
            return false;
        }

        bool isDecided = channel.Phase == ChannelPhase.Ready || IsGivenUp(channel, nowMilliseconds);
        if (_waiting.TryGetValue(channel, out Queue<(Action<ChannelState?, ulong>, bool)>? before))
        {
            Wait(before, then, isPatient);
        }
        else if (isDecided && !builder.IsFull)
        {
            Do(channel, then, nowMilliseconds);
            channels.ForgetIfEmpty(channel);
        }
        else
        {
            channel.IsAwaited = true;
            _waiting.Add(channel, Wait(new(), then, isPatient));
            if (isDecided)
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

    /// <summary>Once more it could not be read.</summary>
    public void Unreadable(ChannelState channel, ulong nowMilliseconds)
    {
        if (IsGivenUp(channel, nowMilliseconds))
        {
            Loaded(channel, nowMilliseconds);
        }
    }

    /// <summary>Does what waits, as far as the next flush has room for it.</summary>
    public void GoOn(ulong nowMilliseconds)
    {
        while (!builder.IsFilled(FlushDivisor) && _ready.TryPeek(out ChannelState? channel))
        {
            if (_waiting.TryGetValue(channel, out Queue<(Action<ChannelState?, ulong> Then, bool IsPatient)>? actions) && actions.TryDequeue(out var next))
            {
                _patient -= next.IsPatient ? 1 : 0;
                Do(channel, next.Then, nowMilliseconds);
                continue;
            }

            // It may have been read since it was given up, and then is here twice.
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
        _patient = 0;
    }

    private static bool IsGivenUp(ChannelState channel, ulong nowMilliseconds) =>
        channel.UnreadableSinceMilliseconds is { } since && nowMilliseconds - since >= UnreadableMilliseconds;

    private static void Do(ChannelState channel, Action<ChannelState?, ulong> then, ulong nowMilliseconds) =>
        then(channel.Phase == ChannelPhase.Ready ? channel : null, nowMilliseconds);

    private Queue<(Action<ChannelState?, ulong>, bool)> Wait(
        Queue<(Action<ChannelState?, ulong>, bool)> waiting, Action<ChannelState?, ulong> then, bool isPatient)
    {
        waiting.Enqueue((then, isPatient));
        _patient += isPatient ? 1 : 0;
        return waiting;
    }
}
