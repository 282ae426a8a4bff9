using System.Text;
using RelayServer.Fabric;

namespace RelayServer.Edge.Upstream;

/// <summary>
/// What an edge sends to one master. A batch goes at once when nothing is in flight; while a flight is away the next
/// batch fills, so load makes batches grow. Every batch is kept until all in it is answered.
/// </summary>
internal sealed class MasterLink(string masterId) : IDisposable
{
    private const int BatchBytesMax = 64 * 1024;
    private const int FlightsMax = 8;
    private const ulong BatchSpanMilliseconds = 1000;

    // Sent and not answered yet, then not sent yet, both in order; the last of the waiting ones is being filled.
    private readonly Queue<UpstreamBatch> _unanswered = new();
    private readonly LinkedList<UpstreamBatch> _waiting = new();
    private ulong _sentBatchNo;
    private ulong _receivedBatchNo;

    public string MasterId { get; } = masterId;

    public byte[] MasterIdUtf8 { get; } = Encoding.UTF8.GetBytes(masterId);

    public FabricAddress Address { get; } = FabricAddress.Master(masterId);

    /// <summary>As the master named it; 0 before its first relay.</summary>
    public ulong Number { get; private set; }

    /// <summary>Highest relay that has arrived.</summary>
    public ulong RelayNo { get; private set; }

    /// <summary>Highest relay handed to the connections.</summary>
    public ulong AppliedRelayNo { get; private set; }

    /// <summary>Highest relay that the master was told is applied.</summary>
    public ulong ConfirmedRelayNo { get; private set; }

    /// <summary>When its last relay came.</summary>
    public ulong HeardAtMilliseconds { get; set; }

    /// <summary>Interests were dropped: once the master answers, all are repeated.</summary>
    public bool MustRepeatInterests { get; set; }

    /// <summary>Bytes of records that wait for an answer.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>Adds a record that is held since then; a batch spans little time, as it is held and given up as a whole.</summary>
    public void Add(in UpstreamRecord record, ulong heldSinceMilliseconds)
    {
        UpstreamBatch? open = _waiting.Last?.Value;
        if (open is null
            || open.RecordBytes >= BatchBytesMax
            || heldSinceMilliseconds > open.CreatedAtMilliseconds + BatchSpanMilliseconds)
        {
            open = new UpstreamBatch { CreatedAtMilliseconds = heldSinceMilliseconds };
            _waiting.AddLast(open);
        }

        int before = open.RecordBytes;
        open.Add(record);
        HeldBytes += open.RecordBytes - before;
    }

    /// <summary>The next batch to send: any when nothing is in flight, a full one while few are.</summary>
    public UpstreamBatch? TakeReady(ulong nowMilliseconds)
    {
        ulong flights = _sentBatchNo - _receivedBatchNo;
        if (Number == 0
            || _waiting.First is not { } first
            || (flights > 0 && (flights >= FlightsMax || first.Value.RecordBytes < BatchBytesMax)))
        {
            return null;
        }

        _waiting.RemoveFirst();
        UpstreamBatch batch = first.Value;
        batch.BatchNo = ++_sentBatchNo;
        batch.SentAtMilliseconds = nowMilliseconds;
        _unanswered.Enqueue(batch);
        return batch;
    }

    /// <summary>The encoded message; it also confirms. Without a batch that is all it does.</summary>
    public ReadOnlyMemory<byte> Message(UpstreamBatch batch, ReadOnlySpan<byte> edgeId)
    {
        ConfirmedRelayNo = AppliedRelayNo;
        return batch.Message(edgeId, Number, AppliedRelayNo);
    }

    /// <summary>
    /// Takes the head of a relay. After a loss answers may be missing, and a new link knows of nothing: then what is
    /// unanswered waits to be sent again, and the caller repeats its interests. Batches whose last answer has come are
    /// handed to <paramref name="answered"/> before they go.
    /// </summary>
    public RelayArrival Arrived(in RelayHeader header, Action<UpstreamBatch> answered)
    {
        if (header.Link < Number)
        {
            // A master's link numbers grow: this one was given up. Going back to it would mix two counts of batches.
            return RelayArrival.Repeated;
        }

        if (header.Link != Number)
        {
            // Not always from 1: an edge that saw the master disappear and come back counts on where the master is.
            Number = header.Link;
            RelayNo = header.RelayNo;
            AppliedRelayNo = 0;
            ConfirmedRelayNo = 0;
            _sentBatchNo = header.ReceivedBatchNo;
            _receivedBatchNo = header.ReceivedBatchNo;
            SendAgain(_unanswered.Count);
            foreach (UpstreamBatch batch in _waiting)
            {
                HeldBytes -= batch.RecordBytes;
                batch.DropCommands();
                HeldBytes += batch.RecordBytes;
            }

            return RelayArrival.New;
        }

        if (header.RelayNo <= RelayNo)
        {
            return RelayArrival.Repeated;
        }

        bool hasHole = header.RelayNo != RelayNo + 1;
        RelayNo = header.RelayNo;
        _receivedBatchNo = Math.Max(_receivedBatchNo, Math.Min(header.ReceivedBatchNo, _sentBatchNo));
        if (hasHole)
        {
            SendAgain(_unanswered.Count(batch => batch.BatchNo <= _receivedBatchNo));
            return RelayArrival.AfterLoss;
        }

        while (_unanswered.TryPeek(out UpstreamBatch? batch) && batch.BatchNo <= header.CompletedBatchNo)
        {
            _unanswered.Dequeue();
            HeldBytes -= batch.RecordBytes;
            answered(batch);
            batch.Dispose();
        }

        return RelayArrival.InOrder;
    }

    /// <summary>A relay was handed to the connections; marks of an older link come too late to count.</summary>
    public void Applied(ulong link, ulong relayNo)
    {
        if (link == Number)
        {
            AppliedRelayNo = Math.Max(AppliedRelayNo, relayNo);
        }
    }

    /// <summary>Batches that have been away for too long, to be sent again under their numbers.</summary>
    public IEnumerable<UpstreamBatch> Overdue(ulong nowMilliseconds, ulong resendMilliseconds)
    {
        foreach (UpstreamBatch batch in _unanswered)
        {
            if (batch.BatchNo > _receivedBatchNo && nowMilliseconds - batch.SentAtMilliseconds >= resendMilliseconds)
            {
                batch.SentAtMilliseconds = nowMilliseconds;
                yield return batch;
            }
        }
    }

    /// <summary>
    /// Takes out all records once the oldest were held for too long: younger ones must not overtake those that are
    /// refused. The batches stay, empty, with their numbers: the master's count must have no hole.
    /// </summary>
    public void TakeOverheld(ulong nowMilliseconds, ulong holdMilliseconds, List<byte[]> overheld)
    {
        UpstreamBatch? oldest = _unanswered.Concat(_waiting).FirstOrDefault(batch => batch.RecordBytes > 0);
        if (oldest is null || nowMilliseconds - oldest.CreatedAtMilliseconds < holdMilliseconds)
        {
            return;
        }

        MustRepeatInterests = true;
        foreach (UpstreamBatch batch in _unanswered.Concat(_waiting))
        {
            overheld.Add(batch.Records.ToArray());
            HeldBytes -= batch.RecordBytes;
            batch.Clear();
        }
    }

    /// <summary>Takes everything that waits out of the link, in order; the caller disposes it.</summary>
    public IReadOnlyList<UpstreamBatch> TakeAll()
    {
        UpstreamBatch[] all = [.. _unanswered, .. _waiting];
        _unanswered.Clear();
        _waiting.Clear();
        HeldBytes = 0;
        return all;
    }

    public void Dispose()
    {
        foreach (UpstreamBatch batch in TakeAll())
        {
            batch.Dispose();
        }
    }

    private void SendAgain(int batches)
    {
        var again = new List<UpstreamBatch>(batches);
        for (; batches > 0; batches--)
        {
            UpstreamBatch batch = _unanswered.Dequeue();
            HeldBytes -= batch.RecordBytes;
            batch.DropUnrepeatable();
            HeldBytes += batch.RecordBytes;
            again.Add(batch);
        }

        for (int i = again.Count - 1; i >= 0; i--)
        {
            _waiting.AddFirst(again[i]);
        }
    }
}
