using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>
/// Cuts frames out of a received stream. The bodies of DELIVER, which a publisher has no use for, are passed over
/// without being kept.
/// </summary>
internal sealed class FrameSplitter
{
    private readonly byte[] _frame = new byte[FrameHeader.SizeBytes + ProtocolLimits.ServerFrameBytesMax];
    private int _have;
    private int _skip;

    /// <summary>Takes a frame.</summary>
    public delegate void FrameAction(in FrameHeader header, ReadOnlySpan<byte> body);

    /// <summary>Takes received bytes and hands out the frames that they complete; false when they are no frames.</summary>
    public bool Feed(ReadOnlySpan<byte> bytes, FrameAction action)
    {
        while (!bytes.IsEmpty)
        {
            if (_skip > 0)
            {
                int skipped = Math.Min(_skip, bytes.Length);
                _skip -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            int wanted = FrameHeader.SizeBytes;
            if (_have >= FrameHeader.SizeBytes)
            {
                FrameHeader.TryRead(_frame, out FrameHeader known);
                wanted += (int)known.BodyBytes;
            }

            int taken = Math.Min(wanted - _have, bytes.Length);
            bytes[..taken].CopyTo(_frame.AsSpan(_have));
            _have += taken;
            bytes = bytes[taken..];
            if (_have == wanted && !Complete(action))
            {
                return false;
            }
        }

        return true;
    }

    private bool Complete(FrameAction action)
    {
        if (!FrameHeader.TryRead(_frame, out FrameHeader header) || header.BodyBytes > ProtocolLimits.ServerFrameBytesMax)
        {
            return false;
        }

        if (header.Type == FrameType.Deliver && _have == FrameHeader.SizeBytes)
        {
            _skip = (int)header.BodyBytes;
            _have = 0;
        }
        else if (_have == FrameHeader.SizeBytes + (int)header.BodyBytes)
        {
            _have = 0;
            action(header, _frame.AsSpan(FrameHeader.SizeBytes, (int)header.BodyBytes));
        }

        return true;
    }
}
