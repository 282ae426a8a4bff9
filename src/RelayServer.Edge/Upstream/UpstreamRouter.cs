using RelayServer.Edge.Hosting;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Upstream;

/// <summary>Brings records to the master that owns their channel's slot, and holds them while there is none.</summary>
internal sealed class UpstreamRouter(EdgeOptions options, byte[] edgeId, IEdgeEffects effects, EdgeCounters counters) : IDisposable
{
    // Stands in for the owner while a slot has none: a link without a number never sends.
    private readonly MasterLink _nobody = new(string.Empty);
    private readonly Dictionary<byte[], MasterLink> _links = new(Utf8KeyComparer.Instance);
    // Replaced as a whole: readiness looks at it from another thread.
    private MasterLink?[] _owners = new MasterLink?[Slot.Count];
    private readonly ulong[] _epochs = new ulong[Slot.Count];
    private readonly UpstreamBatch _heartbeat = new();

    public IEnumerable<MasterLink> Links => _links.Values;

    public bool HasOwners => Array.TrueForAll(_owners, owner => owner is not null);

    public int HeldBytes
    {
        get
        {
            int held = _nobody.HeldBytes;
            foreach (MasterLink link in _links.Values)
            {
                held += link.HeldBytes;
            }

            return held;
        }
    }

    public MasterLink? Find(ReadOnlySpan<byte> masterId) =>
        _links.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(masterId, out MasterLink? link) ? link : null;

    public bool Owns(MasterLink link, int slot) => _owners[slot] == link;

    public MasterLink? OwnerOf(int slot) => _owners[slot];

    /// <summary>The epoch of the slot's last owner; 0 before the first.</summary>
    public ulong EpochOf(int slot) => _epochs[slot];

    /// <summary>Who answers a question: the owner of the room, and for the list of rooms, which all have, that of the first slot.</summary>
    public static int SlotOf(in QueryBody query) => query.What == QueryKind.Rooms || query.Channel.IsEmpty ? 0 : Slot.Of(query.Channel);

    /// <summary>
    /// Gives a record to the slot's owner. Only what is answered is kept for one that is not there or far behind. Interests, and who is
    /// here, are repeated when it is, from what is true then; the rest is of the moment. That an instance has gone nobody would say again:
    /// it is kept for an owner who may have known that it was there.
    /// </summary>
    public void Add(in UpstreamRecord record, int slot, ulong nowMilliseconds)
    {
        MasterLink link = _owners[slot] ?? _nobody;
        bool isKept = (record.IsFarewell && link.Number != 0)
            || record.Kind is UpstreamKind.Publish or UpstreamKind.Query or UpstreamKind.Command or UpstreamKind.Return;
        if (!isKept && (link.Number == 0 || link.HeldBytes > options.UpstreamBytesMax))
        {
            link.MustRepeatInterests |= record.Kind is not (UpstreamKind.Reactions or UpstreamKind.Census);
            return;
        }

        link.Add(record, nowMilliseconds);
    }

    /// <summary>
    /// Takes a new slot table; what waited for an owner that is no more goes to the new one, in order.
    /// </summary>
    /// <returns>The slots whose owner is another than before.</returns>
    public IReadOnlySet<int> SetOwners(IReadOnlyList<SlotOwner> slots)
    {
        MasterLink?[] before = _owners;
        var owners = new MasterLink?[Slot.Count];
        foreach (SlotOwner slot in slots)
        {
            owners[slot.Slot] = Link(slot.MasterId);
            _epochs[slot.Slot] = slot.Epoch;
        }

        _owners = owners;

        foreach (MasterLink link in _links.Values.Where(link => !_owners.Contains(link)).Append(_nobody).ToArray())
        {
            MoveAll(link);
            if (link != _nobody)
            {
                _links.Remove(link.MasterIdUtf8);
                link.Dispose();
            }
        }

        return Enumerable.Range(0, Slot.Count).Where(slot => owners[slot] != before[slot]).ToHashSet();
    }

    /// <summary>Sends what is ready on every link.</summary>
    public void Flush(ulong nowMilliseconds)
    {
        foreach (MasterLink link in _links.Values)
        {
            while (link.TakeReady(nowMilliseconds) is { } batch)
            {
                effects.SendUpstream(link, link.Message(batch, edgeId));
            }

            if (link.AppliedRelayNo > link.ConfirmedRelayNo)
            {
                SendHeartbeat(link);
            }
        }
    }

    /// <summary>About once a second: shows every master that the edge lives, and sends again what has been away for too long.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        foreach (MasterLink link in _links.Values)
        {
            SendHeartbeat(link);
            foreach (UpstreamBatch batch in link.Overdue(nowMilliseconds, (ulong)options.ResendMilliseconds))
            {
                counters.Resends++;
                effects.SendUpstream(link, link.Message(batch, edgeId));
            }
        }
    }

    /// <summary>Takes out the records of batches that nobody answered in time.</summary>
    public IReadOnlyList<byte[]> TakeOverheld(ulong nowMilliseconds)
    {
        var overheld = new List<byte[]>();
        foreach (MasterLink link in _links.Values.Append(_nobody))
        {
            link.TakeOverheld(nowMilliseconds, (ulong)options.PublishHoldMilliseconds, overheld);
        }

        return overheld;
    }

    public void Dispose()
    {
        foreach (MasterLink link in _links.Values.Append(_nobody))
        {
            link.Dispose();
        }

        _links.Clear();
        _heartbeat.Dispose();
    }

    private void SendHeartbeat(MasterLink link) => effects.SendUpstream(link, link.Message(_heartbeat, edgeId));

    private MasterLink Link(string masterId)
    {
        byte[] key = System.Text.Encoding.UTF8.GetBytes(masterId);
        if (!_links.TryGetValue(key, out MasterLink? link))
        {
            link = new MasterLink(masterId);
            _links.Add(key, link);
            SendHeartbeat(link);
        }

        return link;
    }

    // What moves keeps its age: the hold time counts from the client's publish, however often owners change.
    private void MoveAll(MasterLink from)
    {
        foreach (UpstreamBatch batch in from.TakeAll())
        {
            using (batch)
            {
                ReadOnlySpan<byte> records = batch.Records;
                var reader = new MessagePackReader(records);
                while (reader.RemainingBytes > 0 && reader.Status == DecodeStatus.Ok)
                {
                    UpstreamRecord record = UpstreamRecord.Read(ref reader, records);

                    // Interests are repeated by the channels themselves, registrations by their sessions, and commands while they wait for
                    // their answer; calls end with their owner.
                    if (record.Kind == UpstreamKind.Publish
                        && !record.Flags.HasFlag(FrameFlags.Ephemeral)
                        && PublishBody.TryDecode(record.PublishBody, out PublishBody publish) == DecodeStatus.Ok)
                    {
                        Add(record, Slot.Of(publish.Channel), batch.CreatedAtMilliseconds);
                    }
                    else if (record.Kind == UpstreamKind.Query
                        && QueryBody.TryDecode(record.QueryBody, out QueryBody query) == DecodeStatus.Ok)
                    {
                        Add(record, SlotOf(query), batch.CreatedAtMilliseconds);
                    }
                }
            }
        }
    }
}
