using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>
/// Takes messages that are too old out of channels in memory, also when nobody writes to them any more. The last entry
/// of a log must stay, as it carries the end; so when it is too old itself, a void message takes its place. Generations
/// before the current one go as a whole. What has ended in the state of a room goes at the same time.
/// </summary>
internal sealed class Expiry(ChannelTable channels, FlushBuilder builder, MasterCounters counters)
{
    private static DeliverMessage Void => new() { Kind = MessageKind.Void };

    /// <summary>Nobody is in the channel yet: what is too old is gone with the flush that tells its top.</summary>
    public void Opening(ChannelState channel, ulong nowMilliseconds) => Expire(channel, nowMilliseconds, trimsAtOnce: true);

    /// <summary>
    /// Looks at the channels whose turn it is. Their members may stand at the very entry that a void message is to
    /// replace, and only that entry shows that it follows: it is taken away at the next turn.
    /// </summary>
    public void Tick(ulong nowMilliseconds)
    {
        for (int due = channels.TurnsDue; due > 0 && !builder.IsFull; due--)
        {
            ChannelState channel = channels.NextTurn();
            if (channel.Phase == ChannelPhase.Ready)
            {
                Expire(channel, nowMilliseconds, trimsAtOnce: false);
            }
        }
    }

    private void Expire(ChannelState channel, ulong nowMilliseconds, bool trimsAtOnce)
    {
        // First, so that a generation is not dropped for messages that go anyhow.
        foreach (PartitionLog log in channel.Logs)
        {
            Expire(log, nowMilliseconds, trimsAtOnce);
        }

        // What a switch has still to append to the generation that it ends cannot go with it in one flush.
        IReadOnlyList<PartitionLog> dropped = channel.IsSwitching ? [] : channel.DropOld(nowMilliseconds);
        if (dropped.Count > 0)
        {
            builder.Drop(dropped);
        }

        if (channel.Prune(nowMilliseconds) || dropped.Count > 0)
        {
            builder.Save(channel);
        }
    }

    private void Expire(PartitionLog log, ulong nowMilliseconds, bool trimsAtOnce)
    {
        bool isVoidDue = !log.IsClosed && !log.IsDirty && !log.EndsWithVoid && log.Retention.IsAllTooOld(nowMilliseconds);
        if (isVoidDue)
        {
            builder.Append(log, Void, nowMilliseconds);
            counters.ChannelsExpired++;
            if (!trimsAtOnce)
            {
                return;
            }
        }

        // Appends have the fabric trim when that is cheap; what is too old goes at once.
        // Where nothing is appended any more nothing else would trim.
        bool hasLeft = log.Retention.Trim(nowMilliseconds) is not null;
        if (log.Retention.TakeAgedOut() || isVoidDue || (hasLeft && log.IsClosed))
        {
            builder.Trim(log);
        }
    }
}
