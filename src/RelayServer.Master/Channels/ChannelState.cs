using System.Diagnostics.CodeAnalysis;
using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Channels;

/// <summary>One channel as its owner knows it: the end of its log, what retention keeps, and what waits to be appended.</summary>
internal sealed class ChannelState : IDisposable
{
    private readonly MasterOptions _options;

    public ChannelState(byte[] name, ulong epoch, MasterOptions options)
    {
        _options = options;
        Name = name;
        Slot = Fabric.Slot.Of(name);
        Epoch = epoch;
        Log = new LogKey(Encoding.ASCII.GetString(name), 0, 0);
        Recency = new LinkedListNode<ChannelState>(this);
        Turn = new LinkedListNode<ChannelState>(this);
        Forget();
    }

    public byte[] Name { get; }

    public int Slot { get; }

    public LogKey Log { get; }

    /// <summary>Epoch at which the slot is held: that of every entry appended from here on.</summary>
    public ulong Epoch { get; }

    /// <summary>Epoch of the log's last entry; the present one once something was appended.</summary>
    public ulong TopEpoch { get; private set; }

    /// <summary>The last sequence number given, flushed or not.</summary>
    public ulong LastSeq { get; private set; }

    /// <summary>Sequence number of the last void message; 0 when there is none.</summary>
    public ulong VoidSeq { get; private set; }

    /// <summary>The last message is a void one; as it is always the first of its entry, that entry has no other.</summary>
    public bool EndsWithVoid => VoidSeq > 0 && VoidSeq == LastSeq;

    public ChannelPhase Phase { get; set; }

    public ProducerTable Producers { get; private set; }

    public RetentionWindow Retention { get; private set; }

    /// <summary>Publishes that came before the log was read, in order.</summary>
    public Queue<ParkedRecord> Parked { get; } = new();

    public HashSet<EdgeLink> Interested { get; } = [];

    /// <summary>Encoded messages of the entry that is being filled.</summary>
    public PooledBuffer Pending { get; } = new();

    public int PendingCount { get; private set; }

    /// <summary>In the list of channels with something to append.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Part of the flush under way: its log is not read again before that is over.</summary>
    public bool IsFlushing { get; set; }

    /// <summary>Has changed since edges were last told its top.</summary>
    public bool ChangedSinceDigest { get; set; }

    public ulong TouchedAtMilliseconds { get; set; }

    /// <summary>Its place among the channels that no edge is interested in, while it has one.</summary>
    public LinkedListNode<ChannelState> Recency { get; }

    /// <summary>Its place among the channels that are looked at in turn.</summary>
    public LinkedListNode<ChannelState> Turn { get; }

    /// <summary>Nothing of it is under way: it may leave the memory.</summary>
    public bool IsIdle =>
        Phase == ChannelPhase.Ready && Interested.Count == 0 && Parked.Count == 0 && !IsDirty && !IsFlushing && !ChangedSinceDigest;

    public Position Top => new(Log.Generation, Log.Partition, TopEpoch, LastSeq);

    public Position PendingFirst => new(Log.Generation, Log.Partition, Epoch, LastSeq - (ulong)PendingCount + 1);

    /// <summary>Gives a message the next place and puts it into the entry being filled.</summary>
    public ulong Append(in DeliverMessage message)
    {
        Span<byte> room = Pending.Reserve(DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length);
        message.TryEncode(room, out int writtenBytes);
        Pending.Advance(writtenBytes);
        PendingCount++;
        LastSeq++;
        TopEpoch = Epoch;
        VoidSeq = message.Kind == MessageKind.Void ? LastSeq : VoidSeq;
        return LastSeq;
    }

    /// <summary>Empties the entry being filled, once its body has been written.</summary>
    public void Sealed()
    {
        // Gives the room back: most channels are quiet most of the time.
        Pending.Dispose();
        PendingCount = 0;
    }

    /// <summary>Forgets what was read of the log so far: it is read again from the beginning.</summary>
    [MemberNotNull(nameof(Producers), nameof(Retention))]
    public void Forget()
    {
        Producers = new ProducerTable();
        Retention = new RetentionWindow(_options.RetentionMessages, (ulong)_options.RetentionAge.TotalMilliseconds);
        LastSeq = 0;
        TopEpoch = 0;
        VoidSeq = 0;
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
                continue;
            }

            ProducerHistory producer = Producers.GetOrAdd(message.From, message.ProducerId, Retention.TrimmedSeq);
            if (producer.IsEmpty && Retention.TrimmedSeq > 0)
            {
                producer.ForgetBelow(message.Number);
            }

            // Also one that comes below those: it is here.
            if (producer.Find(message.Number, Retention.TrimmedSeq, out _, out _) != NumberLookup.Known)
            {
                producer.Add(message.Number, entry.Epoch, message.Seq);
            }
        }

        LastSeq = entry.LastSeq;
        TopEpoch = entry.Epoch;
    }

    /// <summary>Takes over the place of an entry whose body cannot be read; what it held goes with it.</summary>
    public void RestoreUnreadable(in LogEntry entry)
    {
        Retention.Add(new RetainedEntry(entry.Epoch, LastSeq + 1, entry.LastSeq, 0));
        LastSeq = entry.LastSeq;
        TopEpoch = entry.Epoch;
    }

    public void Dispose() => Pending.Dispose();
}
