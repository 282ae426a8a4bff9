using RelayServer.Fabric;
using RelayServer.Master.Links;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Channels;

/// <summary>
/// One partition of a channel as its owner knows it: the end of its log, what retention keeps, what waits to be
/// appended, and which edges get it.
/// </summary>
internal sealed class PartitionLog : IDisposable
{
    private bool _hasUnreadable;

    public PartitionLog(ChannelState channel, ulong generation, uint partition, RetentionWindow retention)
    {
        Channel = channel;
        Key = new LogKey(channel.NameText, generation, partition);
        Retention = retention;
        Recipients = channel.Interested;
    }

    public ChannelState Channel { get; }

    public LogKey Key { get; }

    /// <summary>Epoch of the log's last entry; the channel's once something was appended.</summary>
    public ulong TopEpoch { get; private set; }

    /// <summary>The last sequence number given, flushed or not.</summary>
    public ulong LastSeq { get; private set; }

    /// <summary>Sequence number of the last void message; 0 when there is none.</summary>
    public ulong VoidSeq { get; private set; }

    /// <summary>The last message is a void one; as it is always the first of its entry, that entry has no other.</summary>
    public bool EndsWithVoid => VoidSeq > 0 && VoidSeq == LastSeq;

    /// <summary>Messages that it had are not known any more.</summary>
    public bool HasLost => _hasUnreadable || Retention.TrimmedSeq > 0;

    /// <summary>Its generation is over: nothing is appended to it any more.</summary>
    public bool IsClosed { get; set; }

    public RetentionWindow Retention { get; }

    /// <summary>Edges that what is appended is relayed to: all that are interested, unless the room is divided by edges.</summary>
    public HashSet<EdgeLink> Recipients { get; set; }

    /// <summary>Encoded messages of the entry that is being filled.</summary>
    public PooledBuffer Pending { get; } = new();

    public int PendingCount { get; private set; }

    /// <summary>The entry that is being filled is not for members: its messages are above the room's delivery cap.</summary>
    public bool IsPendingSkipped { get; set; }

    /// <summary>What the delivery cap remembers; null while the room has none.</summary>
    public DeliveryCap? Cap { get; set; }

    /// <summary>The same of messages that are not logged, which are counted apart.</summary>
    public DeliveryCap? EphemeralCap { get; set; }

    /// <summary>In the list of logs with something to append.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Has changed since edges were last told its top, and is in the list of those.</summary>
    public bool IsTopNoted { get; set; }

    public Position Top => new(Key.Generation, Key.Partition, TopEpoch, LastSeq);

    public Position PendingFirst => new(Key.Generation, Key.Partition, Channel.Epoch, LastSeq - (ulong)PendingCount + 1);

    /// <summary>Gives a message the next place and puts it into the entry being filled.</summary>
    public ulong Append(in DeliverMessage message)
    {
        Span<byte> room = Pending.Reserve(DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length);
        message.TryEncode(room, out int writtenBytes);
        Pending.Advance(writtenBytes);
        PendingCount++;
        LastSeq++;
        TopEpoch = Channel.Epoch;
        VoidSeq = message.Kind == MessageKind.Void ? LastSeq : VoidSeq;
        return LastSeq;
    }

    /// <summary>Empties the entry being filled, once its body has been written.</summary>
    public void Sealed()
    {
        // Gives the room back: most channels are quiet most of the time.
        Pending.Dispose();
        PendingCount = 0;
        IsPendingSkipped = false;
    }

    /// <summary>Takes over an entry that is in the log already.</summary>
    public void Restore(in LogEntry entry, in DeliverBody body)
    {
        Retention.Add(new RetainedEntry(entry.Epoch, body.First.Seq, entry.LastSeq, body.AtMilliseconds));
        foreach (DeliverMessage message in body)
        {
            if (message.Kind == MessageKind.Void)
            {
                VoidSeq = message.Seq;
            }
            else if (message.Kind != MessageKind.Split || message.Number > 0)
            {
                Channel.RestoreProducer(this, entry.Epoch, message);
            }
        }

        LastSeq = entry.LastSeq;
        TopEpoch = entry.Epoch;
    }

    /// <summary>Takes over the place of an entry whose body cannot be read; what it held goes with it.</summary>
    public void RestoreUnreadable(in LogEntry entry)
    {
        _hasUnreadable = true;
        Retention.Add(new RetainedEntry(entry.Epoch, LastSeq + 1, entry.LastSeq, 0));
        LastSeq = entry.LastSeq;
        TopEpoch = entry.Epoch;
    }

    public void Dispose() => Pending.Dispose();
}
