using System.Buffers;

namespace RelayServer.Bench.Load.Receiving;

/// <summary>Where one member stands: in its byte stream, and in the log. Owned by the loop that reads its socket.</summary>
internal sealed class MemberCursor
{
    private byte[] _pending = [];

    /// <summary>The cursor of the member that its loop knows by a number.</summary>
    public MemberCursor(int index) => Index = index;

    /// <summary>Number of the member in its loop.</summary>
    public int Index { get; }

    /// <summary>The last frame that this member has received whole; null before its membership began.</summary>
    public VerifiedFrame? Passed { get; set; }

    /// <summary>Bytes of the frame after <see cref="Passed"/> that were received and found equal.</summary>
    public int Offset { get; set; }

    /// <summary>Delivery starts after this sequence number.</summary>
    public ulong FromSeq { get; set; }

    /// <summary>The sequence number that comes next when nothing is lost.</summary>
    public ulong NextSeq { get; set; }

    /// <summary>Sequence numbers that were jumped over and have not come since.</summary>
    public SeqRanges Missing { get; } = new();

    /// <summary>Messages of the run, doubled ones included.</summary>
    public long Received { get; set; }

    /// <summary>Messages received more than once.</summary>
    public long Duplicated { get; set; }

    /// <summary>Messages received after a later one.</summary>
    public long OutOfOrder { get; set; }

    /// <summary>Bytes received that are not part of a whole frame yet and have not been compared with one.</summary>
    public ReadOnlySpan<byte> Pending => _pending.AsSpan(0, PendingBytes);

    /// <summary>Length of <see cref="Pending"/>.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Puts bytes behind the pending ones.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_pending.Length - PendingBytes < bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(PendingBytes + bytes.Length);
            Pending.CopyTo(larger);
            Return();
            _pending = larger;
        }

        bytes.CopyTo(_pending.AsSpan(PendingBytes));
        PendingBytes += bytes.Length;
    }

    /// <summary>Takes bytes from the front of the pending ones; the buffer is given back when it is empty.</summary>
    public void Drop(int bytes)
    {
        PendingBytes -= bytes;
        if (PendingBytes == 0)
        {
            Return();
            return;
        }

        _pending.AsSpan(bytes, PendingBytes).CopyTo(_pending);
    }

    // Of thousands of members few have something pending: none keeps a buffer for the time when it has.
    private void Return()
    {
        if (_pending.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_pending);
            _pending = [];
        }
    }
}
