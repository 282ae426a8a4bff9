using System.Buffers.Binary;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Splits;

/// <summary>
/// Splits and merges rooms. A split into groups first has every edge count its members, so that the groups come out
/// even; the room goes on meanwhile, and the split takes its place in the log when the counts are there.
/// </summary>
internal sealed class SplitDesk(FlushBuilder builder, MasterCounters counters)
{
    // An edge answers at once; one that does not is dead, or cut off.
    private const ulong CountMillisecondsMax = 500;

    private readonly Dictionary<ChannelState, PendingSplit> _pending = [];
    private ulong _ticket;

    /// <summary>Called when the members of a room have been counted.</summary>
    public required Action<PendingSplit, ulong> Counted { get; init; }

    /// <summary>Whether another switch of the room has to wait.</summary>
    public static bool IsBusy(ChannelState channel) => channel.IsSwitching || channel.IsCounting;

    /// <summary>
    /// The split that a publish asked for comes again while members are counted: it is answered wherever it came from. Only
    /// one of these connections may be left, and it need not be the one that was heard last.
    /// </summary>
    public bool TryTakeAgain(in PublishRequest request)
    {
        if (!_pending.TryGetValue(request.Channel, out PendingSplit? pending) || pending.Askers.Count == 0 || !IsSame(pending.Askers[0], request))
        {
            return false;
        }

        pending.Add(Park(request));
        return true;
    }

    /// <summary>
    /// Sees to it that the sender's edge has its partition: the interest of an edge may come after what its members say.
    /// </summary>
    public void Place(ChannelState channel, EdgeLink link, ulong nowMilliseconds)
    {
        // Who is interested got its partition with that.
        if (channel.Division.Mode == SplitMode.Edges && !channel.Interested.Contains(link))
        {
            AddEdge(channel, link, nowMilliseconds);
        }
    }

    /// <summary>Has the members counted, for a split into groups.</summary>
    public void Count(ChannelState channel, int groups, ParkedRecord? asker, ulong nowMilliseconds)
    {
        ulong deadlineMilliseconds = Math.Max(nowMilliseconds + CountMillisecondsMax, channel.SettledAtMilliseconds);
        var pending = new PendingSplit(channel, ++_ticket, groups, deadlineMilliseconds);
        if (asker is { } asks)
        {
            pending.Add(asks);
        }

        _pending.Add(channel, pending);
        channel.IsCounting = true;
        foreach (EdgeLink link in channel.Interested)
        {
            Ask(pending, link);
        }

        // Without edges there is nobody to wait for; the next tick finds it, from where no record of a batch is being read.
    }

    /// <summary>An edge comes, or comes again and may have lost the question, while members are counted: its members are counted, too.</summary>
    public void CountLate(ChannelState channel, EdgeLink link)
    {
        if (_pending.TryGetValue(channel, out PendingSplit? pending) && (pending.Awaited.Contains(link) || !pending.Edges.Contains(link)))
        {
            Ask(pending, link);
        }
    }

    /// <summary>Keeps a request until the members are counted; its batch stays unanswered so long.</summary>
    public static ParkedRecord Park(in PublishRequest request)
    {
        request.Link.Park(request.BatchNo);
        return new ParkedRecord(request.Link, request.BatchNo, request.Encoded.ToArray());
    }

    /// <summary>Takes an edge's count.</summary>
    public void TakeCensus(EdgeLink link, ChannelState channel, in UpstreamRecord record, ulong nowMilliseconds)
    {
        if (!_pending.TryGetValue(channel, out PendingSplit? pending) || pending.Ticket != record.Ticket || !pending.Awaited.Remove(link))
        {
            return;
        }

        for (int bucket = 0; bucket < MemberBucket.Count; bucket++)
        {
            pending.Add(bucket, BinaryPrimitives.ReadUInt16BigEndian(record.Buckets[(bucket * sizeof(ushort))..]));
        }

        if (pending.IsDone(nowMilliseconds))
        {
            Finish(pending, nowMilliseconds);
        }
    }

    /// <summary>An edge is gone: it is not waited for.</summary>
    public void Forget(EdgeLink link)
    {
        foreach (PendingSplit pending in _pending.Values)
        {
            pending.Awaited.Remove(link);
        }
    }

    /// <summary>Several times a second: goes on without those that do not answer.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        foreach (PendingSplit pending in _pending.Values.ToArray())
        {
            if (pending.IsDone(nowMilliseconds) && !builder.IsFull)
            {
                Finish(pending, nowMilliseconds);
            }
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Abandon() => _pending.Clear();

    /// <summary>Divides a room by the edges that have members of it; the asker's, when none has.</summary>
    public MessagePlace SwitchToEdges(ChannelState channel, EdgeLink asker, in DeliverMessage cause, ulong nowMilliseconds)
    {
        string[] edges = [.. channel.Interested.Select(link => link.EdgeName).Order(StringComparer.Ordinal).Distinct().Take(Partitioning.PartitionsMax)];
        edges = edges.Length == 0 ? [asker.EdgeName] : edges;
        uint[] sizes = [];
        if (channel.Presence is { } presence)
        {
            sizes = new uint[edges.Length];
            foreach (EdgeLink link in channel.Interested)
            {
                int partition = Array.IndexOf(edges, link.EdgeName);
                if (partition >= 0)
                {
                    sizes[partition] += presence.Table.TotalAt(link);
                }
            }
        }

        return Switch(channel, Partitioning.ByEdges(channel.Division.Generation + 1, edges), sizes, cause, nowMilliseconds);
    }

    /// <summary>Divides a room into even groups of those that were counted.</summary>
    public MessagePlace SwitchToGroups(ChannelState channel, PendingSplit count, in DeliverMessage cause, ulong nowMilliseconds)
    {
        byte[] groupOfBucket = GroupAssignment.Balance(count.Members, count.Groups);
        uint[] sizes = GroupAssignment.Sizes(count.Members, groupOfBucket, count.Groups);
        Partitioning next = Partitioning.ByGroups(channel.Division.Generation + 1, count.Groups, groupOfBucket);
        return Switch(channel, next, sizes, cause, nowMilliseconds);
    }

    /// <summary>Brings everybody together.</summary>
    public MessagePlace Merge(ChannelState channel, in DeliverMessage cause, ulong nowMilliseconds) =>
        Switch(
            channel, Partitioning.Whole(channel.Division.Generation + 1), channel.Presence is { } presence ? [presence.Table.Total] : [], cause, nowMilliseconds);

    /// <summary>
    /// Goes over to the next generation: the last message of every present log and the first of every new one say so,
    /// in one flush.
    /// </summary>
    /// <returns>The place of the first.</returns>
    private MessagePlace Switch(ChannelState channel, Partitioning next, IReadOnlyList<uint> sizes, in DeliverMessage cause, ulong nowMilliseconds)
    {
        var notice = new SplitNotice
        {
            FromGeneration = channel.Division.Generation,
            FromCount = channel.Partitions.Count,
            To = next,
            Sizes = sizes,
        };
        byte[] payload = notice.Encode();
        MessagePlace? place = null;
        foreach (PartitionLog log in channel.Partitions)
        {
            ulong seq = builder.AppendAlone(log, Message(cause, payload, cause.ProducerId, cause.Number), nowMilliseconds);
            place ??= new MessagePlace(log, channel.Epoch, seq);
        }

        IReadOnlyList<PartitionLog> dropped = channel.Switch(next);
        foreach (PartitionLog log in channel.Partitions)
        {
            Begin(log, payload, cause, nowMilliseconds);
        }

        channel.IsSwitching = true;
        channel.SwitchedAtMilliseconds = nowMilliseconds;
        counters.CountSwitch(next.Mode);
        builder.Save(channel);
        builder.Drop(dropped);
        return place!.Value;
    }

    /// <summary>Gives an edge that has none a partition of its own, in a room that is divided by edges.</summary>
    public void AddEdge(ChannelState channel, EdgeLink link, ulong nowMilliseconds)
    {
        Partitioning division = channel.Division;
        if (division.Mode != SplitMode.Edges || division.Count == Partitioning.PartitionsMax || division.PartitionOfEdge(link.EdgeName) is not null)
        {
            return;
        }

        PartitionLog log = channel.AddEdge(link.EdgeName);
        var notice = new SplitNotice { FromGeneration = division.Generation, FromCount = division.Count, To = channel.Division };
        Begin(log, notice.Encode(), default, nowMilliseconds);
        builder.Save(channel);
    }

    private void Begin(PartitionLog log, byte[] payload, in DeliverMessage cause, ulong nowMilliseconds) =>
        builder.AppendAlone(log, Message(cause, payload, 0, 0), nowMilliseconds);

    private static DeliverMessage Message(in DeliverMessage cause, byte[] payload, ulong producerId, ulong number) =>
        new() { Kind = MessageKind.Split, From = cause.From, ProducerId = producerId, Number = number, Payload = payload };

    private static bool IsSame(in ParkedRecord asker, in PublishRequest request)
    {
        var reader = new MessagePackReader(asker.Record);
        UpstreamRecord record = UpstreamRecord.Read(ref reader, asker.Record);
        return PublishBody.TryDecode(record.PublishBody, out PublishBody publish) == DecodeStatus.Ok
            && publish.ProducerId == request.Publish.ProducerId
            && publish.Number == request.Publish.Number
            && record.UserId.SequenceEqual(request.Record.UserId);
    }

    private void Ask(PendingSplit pending, EdgeLink link)
    {
        pending.Edges.Add(link);
        pending.Awaited.Add(link);
        RelayRecords.Write(link.Records, new RelayRecord { Kind = RelayKind.Census, Channel = pending.Channel.Name, Ticket = pending.Ticket });
        builder.CountRecords(RelayRecord.TopBytesMax);
        builder.Touch(link);
    }

    private void Finish(PendingSplit pending, ulong nowMilliseconds)
    {
        _pending.Remove(pending.Channel);
        pending.Channel.IsCounting = false;
        foreach (ParkedRecord asker in pending.Askers)
        {
            asker.Link.Unpark(asker.BatchNo);
            builder.Touch(asker.Link);
        }

        Counted(pending, nowMilliseconds);
    }
}
