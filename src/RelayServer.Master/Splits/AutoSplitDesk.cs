using RelayServer.Master.Channels;
using RelayServer.Master.Presence;
using RelayServer.Master.Sequencing;
using RelayServer.Rooms;

namespace RelayServer.Master.Splits;

/// <summary>
/// Splits and merges the rooms that are to do so by themselves. Only those in memory are known here, and what it costs
/// follows their number.
/// </summary>
internal sealed class AutoSplitDesk(ChannelTable channels, SplitDesk splits, PresenceDesk presence, FlushBuilder builder)
{
    // After a load, and after a switch, edges tell anew how many members they have; until then nobody knows.
    private const ulong UnknownMilliseconds = 2000;

    // What it stages in a tick at most, about: half a flush.
    private const int TickBytesMax = 64 * 1024;

    // Those whose turn is next come first.
    private readonly Queue<ChannelState> _rooms = new();

    /// <summary>Rooms that are watched.</summary>
    public int Count => _rooms.Count;

    /// <summary>Takes a room in whose policy is automatic; nothing otherwise, or when it is watched already.</summary>
    public void Watch(ChannelState channel, ulong nowMilliseconds)
    {
        if (channel.Room.PolicyAuto && channel.Policy is null)
        {
            channel.Policy = new SplitPolicy(nowMilliseconds);
            _rooms.Enqueue(channel);
        }
    }

    /// <summary>About once a second. Rooms that a full flush leaves out have their turn first the next time.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        long enough = builder.StagedBytes + TickBytesMax;
        for (int left = _rooms.Count; left > 0 && !builder.IsFull && builder.StagedBytes < enough; left--)
        {
            ChannelState channel = _rooms.Dequeue();
            if (channel.Room.PolicyAuto && channels.IsCurrent(channel))
            {
                _rooms.Enqueue(channel);
                Decide(channel, channel.Policy!.TakeRate(nowMilliseconds), nowMilliseconds);
            }
            else
            {
                channel.Policy = null;
            }
        }
    }

    /// <summary>The members of a room have been counted for its policy; much may have happened since.</summary>
    public void Counted(PendingSplit count, ulong nowMilliseconds)
    {
        ChannelState channel = count.Channel;
        bool isStillDue = channel.Room.PolicyAuto && channel.Division.Mode == SplitMode.Whole && !SplitDesk.IsBusy(channel) && channels.IsCurrent(channel);
        if (isStillDue && count.MembersTotal >= (ulong)count.Groups)
        {
            splits.SwitchToGroups(channel, count, default, nowMilliseconds);
        }
    }

    /// <summary>Drops the list.</summary>
    public void Abandon() => _rooms.Clear();

    private void Decide(ChannelState channel, uint messagesPerSecond, ulong nowMilliseconds)
    {
        ulong sinceSwitch = nowMilliseconds - Math.Min(nowMilliseconds, channel.SwitchedAtMilliseconds);
        if (SplitDesk.IsBusy(channel) || sinceSwitch < UnknownMilliseconds || !presence.IsSettled(nowMilliseconds))
        {
            return;
        }

        uint members = channel.Presence?.Table.Total ?? 0;
        AutoSplitDecision decision = AutoSplit.Decide(channel.Room, members, messagesPerSecond, sinceSwitch);
        switch (decision.Action)
        {
            case AutoSplitAction.Split:
                splits.Count(channel, decision.Groups, asker: null, nowMilliseconds);
                break;
            case AutoSplitAction.Merge:
                splits.Merge(channel, default, nowMilliseconds);
                break;
        }
    }
}
