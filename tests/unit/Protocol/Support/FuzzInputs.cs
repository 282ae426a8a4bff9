using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>
/// Mutations of the vectors, without end and without allocating: bits and bytes changed, cut, doubled, inserted,
/// spliced with another vector. The same seed gives the same inputs.
/// </summary>
internal sealed class FuzzInputs
{
    /// <summary>Longest input, in bytes.</summary>
    public const int InputBytesMax = 1024;

    private const int MutationsMax = 4;
    private const int ValidWeight = 8;

    // Codes of MessagePack that begin something, and numbers at the edge of a form.
    private static readonly byte[] Telling =
    [
        0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc3, 0xc4, 0xc6, 0xc7, 0xc9, 0xcb, 0xcc, 0xcf, 0xd0,
        0xd3, 0xd4, 0xd8, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xff,
    ];

    private readonly byte[][] _corpus;
    private readonly byte[] _input = new byte[InputBytesMax];
    private ulong _state;

    public FuzzInputs(ulong seed)
    {
        _state = seed | 1;

        // Valid frames weigh more: a mutation of one often stays valid, and reaches what only valid frames reach.
        IEnumerable<Vector> frames = Enumerable.Repeat(VectorFile.Frames.All, ValidWeight).SelectMany(vectors => vectors);
        _corpus = [.. frames.Concat(VectorFile.Malformed.All).Concat(VectorFile.Refused.All)
            .Select(vector => vector.Bytes).Where(bytes => bytes.Length <= InputBytesMax)];
    }

    /// <summary>The present input: a whole frame, more or less.</summary>
    public ReadOnlyMemory<byte> Input { get; private set; }

    /// <summary>A random number below <paramref name="limit"/>; 0 when the limit is.</summary>
    public int Below(int limit)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return limit <= 0 ? 0 : (int)((_state >> 11) % (ulong)limit);
    }

    /// <summary>Makes the next input.</summary>
    public void MoveNext()
    {
        byte[] origin = _corpus[Below(_corpus.Length)];
        origin.CopyTo(_input, 0);
        int length = origin.Length;
        for (int left = Below(MutationsMax + 1); left > 0; left--)
        {
            length = Mutate(length);
        }

        if (length >= FrameHeader.SizeBytes && Below(2) == 0)
        {
            // Half of the inputs keep an honest length, so that the mutation reaches the body's decoder.
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(_input, (uint)(length - FrameHeader.SizeBytes));
        }

        Input = _input.AsMemory(0, length);
    }

    private int Mutate(int length)
    {
        if (length == 0)
        {
            _input[0] = Telling[Below(Telling.Length)];
            return 1;
        }

        int at = Below(length);
        switch (Below(8))
        {
            case 0: _input[at] ^= (byte)(1 << Below(8)); return length;
            case 1: _input[at] = (byte)Below(256); return length;
            case 2: _input[at] = Telling[Below(Telling.Length)]; return length;
            case 3: return at;
            case 4: return Remove(length, at, 1 + Below(Math.Min(8, length - at)));
            case 5: return Insert(length, at, _input.AsSpan(at, Below(Math.Min(64, length - at) + 1)));
            case 6: return Insert(length, at, Telling.AsSpan(Below(Telling.Length), 1));
            default:
                byte[] other = _corpus[Below(_corpus.Length)];
                int from = Below(other.Length);
                return Insert(length, at, other.AsSpan(from, Below(other.Length - from + 1)));
        }
    }

    private int Remove(int length, int at, int count)
    {
        _input.AsSpan(at + count, length - at - count).CopyTo(_input.AsSpan(at));
        return length - count;
    }

    private int Insert(int length, int at, ReadOnlySpan<byte> piece)
    {
        if (length + piece.Length > InputBytesMax)
        {
            return length;
        }

        Span<byte> copy = stackalloc byte[InputBytesMax];
        piece.CopyTo(copy);
        _input.AsSpan(at, length - at).CopyTo(_input.AsSpan(at + piece.Length));
        copy[..piece.Length].CopyTo(_input.AsSpan(at));
        return length + piece.Length;
    }
}
