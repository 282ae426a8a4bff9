using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>Collects entries up to a bound on bytes; takes at least one.</summary>
internal sealed class LogPageBuilder(int bytesMax)
{
    private readonly int _bytesMax = Math.Clamp(bytesMax, 1, FabricLimits.ReadBytesMax);
    private readonly List<LogEntry> _entries = [];
    private bool _hasMore;

    public int Count => _entries.Count;

    public int Bytes { get; private set; }

    public int BytesLeft => _bytesMax - Bytes;

    /// <summary>Messages in the entries, as their envelopes say.</summary>
    public long Messages { get; private set; }

    /// <summary>False when an entry does not fit any more: the page is full.</summary>
    public bool Fits(int bodyBytes)
    {
        bool fits = _entries.Count == 0 || bodyBytes <= BytesLeft;
        _hasMore |= !fits;
        return fits;
    }

    public void Add(ulong epoch, ulong lastSeq, byte[] body)
    {
        _entries.Add(new(epoch, lastSeq, body));
        Bytes += body.Length;
        Messages += CountMessages(body);
    }

    public LogPage Build() => _entries.Count == 0 ? LogPage.Empty : new(_entries, _hasMore);

    public LogPage BuildReversed()
    {
        _entries.Reverse();
        return Build();
    }

    // A body that cannot be read counts as one message: the reader finds out, not the store.
    private static int CountMessages(ReadOnlySpan<byte> body) =>
        DeliverBody.TryDecodeEnvelope(body, out DeliverBody deliver) == DecodeStatus.Ok ? Math.Max(1, deliver.Count) : 1;
}
