using RelayServer.Bench.Measurement;
using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Receiving;

/// <summary>
/// Checks and times what the members of one loop receive. The relay sends every member the same bytes, so a frame is
/// decoded and checked once, for the first member that has it whole; for the others it is enough that their bytes are
/// equal. A member whose bytes differ is decoded on its own. Order, count and latency are kept for every member.
/// </summary>
internal sealed class DeliveryVerifier
{
    private const int LookAheadFrames = 256;

    private readonly MessageLedger _ledger;
    private readonly IFrameSink _sink;
    private readonly byte[] _channel;
    private readonly List<long> _intended = [];
    private VerifiedFrame _tail = new();
    private RateSeries? _series;

    /// <summary>Checks the messages of a channel.</summary>
    public DeliveryVerifier(ReadOnlySpan<byte> channel, MessageLedger ledger, IFrameSink sink)
    {
        _channel = channel.ToArray();
        _ledger = ledger;
        _sink = sink;
    }

    /// <summary>From the intended send time to the arrival at a member, of timed messages, in nanoseconds.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Deliveries over time, once there is something to count. May be set while the loop runs.</summary>
    public RateSeries? Series
    {
        get => Volatile.Read(ref _series);
        set => Volatile.Write(ref _series, value);
    }

    /// <summary>Where the messages were seen in the log.</summary>
    public MessageLedger Ledger => _ledger;

    /// <summary>Messages of the run that members received, doubled ones included.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes that members received.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Bytes that were checked by decoding, not by comparing.</summary>
    public long DecodedBytes { get; private set; }

    /// <summary>Frames that could not be decoded.</summary>
    public long Malformed { get; private set; }

    /// <summary>When the last timed message arrived; 0 when none did.</summary>
    public long LastTimedNanoseconds { get; private set; }

    /// <summary>Starts a membership: delivery begins after <paramref name="fromSeq"/>.</summary>
    public void Start(MemberCursor member, ulong fromSeq)
    {
        member.FromSeq = fromSeq;
        member.NextSeq = fromSeq + 1;
        member.Passed = _tail;
        member.Offset = 0;
    }

    /// <summary>Messages up to <paramref name="untilSeq"/> will not come, says the relay.</summary>
    public static void Skip(MemberCursor member, ulong untilSeq)
    {
        if (untilSeq >= member.NextSeq)
        {
            member.Missing.Add(member.NextSeq, untilSeq);
            member.NextSeq = untilSeq + 1;
        }
    }

    /// <summary>Takes bytes that a member received at a time.</summary>
    public void Feed(MemberCursor member, ReadOnlySpan<byte> bytes, long nowNanoseconds)
    {
        ReceivedBytes += bytes.Length;
        if (member.PendingBytes == 0)
        {
            bytes = Compare(member, bytes, nowNanoseconds);
            if (member.Offset == 0)
            {
                member.Append(bytes[DecodeWhole(member, bytes, nowNanoseconds)..]);
                return;
            }

            if (bytes.IsEmpty)
            {
                return;
            }

            // In the middle of a frame the bytes differ: it is taken from its beginning, which was compared only.
            member.Append(member.Passed!.Next!.Bytes.AsSpan(0, member.Offset));
            member.Offset = 0;
        }

        member.Append(bytes);
        member.Drop(DecodeWhole(member, member.Pending, nowNanoseconds));
    }

    // Passes over the bytes that are those of the verified frames; returns the rest.
    private ReadOnlySpan<byte> Compare(MemberCursor member, ReadOnlySpan<byte> bytes, long nowNanoseconds)
    {
        while (!bytes.IsEmpty && member.Passed?.Next is { } frame)
        {
            ReadOnlySpan<byte> rest = frame.Bytes.AsSpan(member.Offset);
            if (bytes.Length < rest.Length)
            {
                if (!rest.StartsWith(bytes))
                {
                    return bytes;
                }

                member.Offset += bytes.Length;
                return default;
            }

            if (!bytes.StartsWith(rest))
            {
                return bytes;
            }

            Pass(member, frame, nowNanoseconds);
            member.Passed = frame;
            member.Offset = 0;
            bytes = bytes[rest.Length..];
        }

        return bytes;
    }

    // Decodes the whole frames at the front; returns their length, with that of a part which equals a known frame.
    private int DecodeWhole(MemberCursor member, ReadOnlySpan<byte> bytes, long nowNanoseconds)
    {
        int offset = 0;
        while (true)
        {
            // The frame at the front may be known by now, from another member or from this one's history.
            ReadOnlySpan<byte> rest = Compare(member, bytes[offset..], nowNanoseconds);
            offset = bytes.Length - rest.Length;
            if (rest.Length < FrameHeader.SizeBytes)
            {
                return offset;
            }

            if (!FrameHeader.TryRead(rest, out FrameHeader header) || header.BodyBytes > ProtocolLimits.ServerFrameBytesMax)
            {
                // There is no way to find the next frame: the member is lost from here on and shows as such.
                Malformed++;
                return bytes.Length;
            }

            int frameBytes = FrameHeader.SizeBytes + (int)header.BodyBytes;
            if (rest.Length < frameBytes)
            {
                return offset;
            }

            Decode(member, header, rest[..frameBytes], nowNanoseconds);
            offset += frameBytes;
        }
    }

    private void Decode(MemberCursor member, in FrameHeader header, ReadOnlySpan<byte> frame, long nowNanoseconds)
    {
        DecodedBytes += frame.Length;
        ReadOnlySpan<byte> body = frame[FrameHeader.SizeBytes..];
        if (header.Type != FrameType.Deliver || header.Flags.HasFlag(FrameFlags.Ephemeral))
        {
            _sink.Handle(member, header, body);
            return;
        }

        if (DeliverBody.TryDecode(body, out DeliverBody batch) != DecodeStatus.Ok)
        {
            Malformed++;
            return;
        }

        if (member.Passed is null || !batch.Channel.SequenceEqual(_channel))
        {
            return;
        }

        VerifiedFrame? ahead = member.Passed.Next;
        for (int i = 0; i < LookAheadFrames && ahead is not null; i++)
        {
            if (ahead.Bytes.AsSpan().SequenceEqual(frame))
            {
                // This member went without some frames that others have; the sequence numbers will tell.
                Pass(member, ahead, nowNanoseconds);
                member.Passed = ahead;
                return;
            }

            ahead = ahead.Next;
        }

        VerifiedFrame verified = Verify(frame, batch);
        Pass(member, verified, nowNanoseconds);
        if (member.Passed == _tail)
        {
            _tail.Next = verified;
            _tail = verified;
            member.Passed = verified;
        }
    }

    private VerifiedFrame Verify(ReadOnlySpan<byte> frame, in DeliverBody batch)
    {
        int loadMessages = 0;
        int duplicated = 0;
        int outOfOrder = 0;
        _intended.Clear();
        foreach (DeliverMessage message in batch)
        {
            if (!LoadMessage.TryRead(message.Payload, out LoadMessage load) || !_ledger.Knows(load.Publisher))
            {
                continue;
            }

            loadMessages++;
            switch (_ledger.Record(load.Publisher, load.Number, message.Seq))
            {
                case LedgerEntry.Duplicate: duplicated++; break;
                case LedgerEntry.OutOfOrder: outOfOrder++; break;
            }

            if (load.Phase == LoadPhase.Measured)
            {
                _intended.Add(load.IntendedNanoseconds);
            }
        }

        return new VerifiedFrame
        {
            Bytes = frame.ToArray(),
            FirstSeq = batch.First.Seq,
            Messages = batch.Count,
            LoadMessages = loadMessages,
            IntendedNanoseconds = [.. _intended],
            Duplicated = duplicated,
            OutOfOrder = outOfOrder,
        };
    }

    private void Pass(MemberCursor member, VerifiedFrame frame, long nowNanoseconds)
    {
        if (frame.FirstSeq == member.NextSeq)
        {
            member.NextSeq += (ulong)frame.Messages;
        }
        else
        {
            PassOutOfSequence(member, frame);
        }

        member.Received += frame.LoadMessages;
        member.Duplicated += frame.Duplicated;
        member.OutOfOrder += frame.OutOfOrder;
        Received += frame.LoadMessages;
        Series?.Record(nowNanoseconds, frame.LoadMessages);
        long[] intended = frame.IntendedNanoseconds;
        if (intended.Length > 0)
        {
            LastTimedNanoseconds = nowNanoseconds;
        }

        for (int i = 0; i < intended.Length; i++)
        {
            Latency.Record(nowNanoseconds - intended[i]);
        }
    }

    private static void PassOutOfSequence(MemberCursor member, VerifiedFrame frame)
    {
        for (int i = 0; i < frame.Messages; i++)
        {
            ulong seq = frame.FirstSeq + (ulong)i;
            if (seq > member.NextSeq)
            {
                member.Missing.Add(member.NextSeq, seq - 1);
                member.NextSeq = seq + 1;
            }
            else if (seq == member.NextSeq)
            {
                member.NextSeq++;
            }
            else if (member.Missing.Remove(seq))
            {
                member.OutOfOrder++;
            }
            else if (seq > member.FromSeq)
            {
                member.Duplicated++;
            }
        }
    }
}
