namespace RelayServer.Bench.Load.Receiving;

/// <summary>Where in the log each message of the run was seen: (publisher, number) to sequence number.</summary>
internal sealed class MessageLedger
{
    private readonly List<ulong>[] _seqs;
    private readonly ulong[] _lastSeq;
    private readonly long[] _lastNumber;

    /// <summary>Keeps the messages of publishers 0 to <paramref name="publishers"/> - 1.</summary>
    public MessageLedger(int publishers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(publishers);
        _seqs = new List<ulong>[publishers];
        for (int i = 0; i < publishers; i++)
        {
            _seqs[i] = [];
        }

        _lastSeq = new ulong[publishers];
        _lastNumber = new long[publishers];
    }

    /// <summary>True when this is a publisher of the run.</summary>
    public bool Knows(int publisher) => publisher < _seqs.Length;

    /// <summary>Writes down a message that was seen at a place of the log.</summary>
    public LedgerEntry Record(int publisher, long number, ulong seq)
    {
        List<ulong> seqs = _seqs[publisher];
        while (seqs.Count <= number)
        {
            seqs.Add(0);
        }

        ulong seen = seqs[(int)number];
        if (seen != 0)
        {
            return seen == seq ? LedgerEntry.SeenBefore : LedgerEntry.Duplicate;
        }

        seqs[(int)number] = seq;
        bool later = seq > _lastSeq[publisher];
        bool disordered = later && _lastSeq[publisher] != 0 && number < _lastNumber[publisher];
        if (later)
        {
            _lastSeq[publisher] = seq;
            _lastNumber[publisher] = Math.Max(number, _lastNumber[publisher]);
        }

        return disordered ? LedgerEntry.OutOfOrder : LedgerEntry.New;
    }

    /// <summary>The place of a message; 0 when it was not seen.</summary>
    public ulong SeqOf(int publisher, long number)
    {
        List<ulong> seqs = _seqs[publisher];
        return number < seqs.Count ? seqs[(int)number] : 0;
    }
}
