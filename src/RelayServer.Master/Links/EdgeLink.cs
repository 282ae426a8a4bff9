using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Protocol;

namespace RelayServer.Master.Links;

/// <summary>What a master knows of one edge: the batches it got from it, and the relays it owes and sent.</summary>
internal sealed class EdgeLink(byte[] edgeId, ulong number) : IDisposable
{
    private readonly SortedDictionary<ulong, int> _parkedByBatch = [];
    // Of the time that the master waited for this edge a tenth of what has passed since is forgiven.
    private const ulong MillisecondsPerForgiven = 10;

    private readonly Queue<(ulong RelayNo, int Bytes)> _unconfirmed = new();
    private ulong _waitedMilliseconds;
    private ulong _waitedAtMilliseconds;

    public FabricAddress Address { get; } = FabricAddress.Edge(Encoding.UTF8.GetString(edgeId));

    /// <summary>Names this link: an edge that speaks of another one has to begin anew.</summary>
    public ulong Number { get; } = number;

    public byte[] EdgeId { get; } = edgeId;

    /// <summary>The edge's name, which it keeps across restarts: its id without the random part.</summary>
    public string EdgeName { get; } = NodeId.NameOf(edgeId);

    public HashSet<ChannelState> Interests { get; } = [];

    /// <summary>Channels whose top the next relay tells: the answers to interests.</summary>
    public HashSet<ChannelState> Opened { get; } = [];

    /// <summary>Encoded records for the next relay.</summary>
    public PooledBuffer Records { get; } = new();

    public ulong ReceivedBatchNo { get; private set; }

    /// <summary>All publishes of batches up to this one have been answered.</summary>
    public ulong CompletedBatchNo
    {
        get
        {
            foreach (ulong batchNo in _parkedByBatch.Keys)
            {
                return batchNo - 1;
            }

            return ReceivedBatchNo;
        }
    }

    public ulong RelayNo { get; private set; }

    public long UnconfirmedBytes { get; private set; }

    /// <summary>Since when the edge owes too many confirmations; 0 when it does not.</summary>
    public ulong StalledSinceMilliseconds { get; private set; }

    /// <summary>The master goes on without this edge until it confirms again.</summary>
    public bool IsSkipped { get; private set; }

    /// <summary>In the list of edges that the next flush must write to.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Silent for too long: nothing more is kept for it.</summary>
    public bool IsForgotten { get; set; }

    public ulong RelayedAtMilliseconds { get; set; }

    public ulong HeardAtMilliseconds { get; set; }

    /// <summary>How long it has said nothing while the master heard others, in milliseconds.</summary>
    public ulong SilentMilliseconds { get; set; }

    /// <summary>Silent for so long that its members are not counted.</summary>
    public bool IsSilent { get; set; }

    /// <summary>True for the next batch in order; anything else was sent before or comes too early.</summary>
    public bool TryReceive(ulong link, ulong batchNo)
    {
        if (link == Number && batchNo == 1 + ReceivedBatchNo)
        {
            ReceivedBatchNo = batchNo;
            return true;
        }

        return false;
    }

    public void Park(ulong batchNo) => _parkedByBatch[batchNo] = _parkedByBatch.GetValueOrDefault(batchNo) + 1;

    public void Unpark(ulong batchNo)
    {
        if (_parkedByBatch[batchNo] == 1)
        {
            _parkedByBatch.Remove(batchNo);
        }
        else
        {
            _parkedByBatch[batchNo]--;
        }
    }

    /// <summary>Takes the number of the next relay.</summary>
    public ulong NextRelay() => ++RelayNo;

    public void Relayed(ulong relayNo, int bytes)
    {
        _unconfirmed.Enqueue((relayNo, bytes));
        UnconfirmedBytes += bytes;
    }

    /// <summary>Takes a confirmation; true when the edge was passed over until now and has to be told.</summary>
    public bool Confirm(ulong link, ulong relayNo, ulong nowMilliseconds)
    {
        if (link != Number)
        {
            return false;
        }

        bool progressed = false;
        while (_unconfirmed.TryPeek(out (ulong RelayNo, int Bytes) oldest) && oldest.RelayNo <= relayNo)
        {
            _unconfirmed.Dequeue();
            UnconfirmedBytes -= oldest.Bytes;
            progressed = true;
        }

        if (progressed)
        {
            EndStall(nowMilliseconds);
            if (IsSkipped)
            {
                // A number that no relay has: by this hole the edge learns that it was passed over.
                IsSkipped = false;
                RelayNo++;
                return true;
            }
        }

        return false;
    }

    /// <summary>The edge owes too many confirmations: the master waits for it from here on.</summary>
    public void Stall(ulong nowMilliseconds)
    {
        if (StalledSinceMilliseconds == 0)
        {
            StalledSinceMilliseconds = nowMilliseconds;
        }
    }

    /// <summary>What is left of a patience, in milliseconds, after all that the master waited for this edge lately.</summary>
    public ulong PatienceLeft(ulong patienceMilliseconds, ulong nowMilliseconds) =>
        patienceMilliseconds - Math.Min(patienceMilliseconds, WaitedMilliseconds(nowMilliseconds));

    /// <summary>Goes on without this edge. Once it confirms again it finds a hole in the relay numbers and reads the log.</summary>
    public void Skip(ulong nowMilliseconds)
    {
        EndStall(nowMilliseconds);
        IsSkipped = true;
    }

    public void Dispose() => Records.Dispose();

    private void EndStall(ulong nowMilliseconds)
    {
        if (StalledSinceMilliseconds > 0)
        {
            _waitedMilliseconds = WaitedMilliseconds(nowMilliseconds) + (nowMilliseconds - StalledSinceMilliseconds);
            _waitedAtMilliseconds = nowMilliseconds;
            StalledSinceMilliseconds = 0;
        }
    }

    private ulong WaitedMilliseconds(ulong nowMilliseconds) =>
        _waitedMilliseconds - Math.Min(_waitedMilliseconds, (nowMilliseconds - _waitedAtMilliseconds) / MillisecondsPerForgiven);
}
