using System.Buffers;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Byte streams cut into pieces, as a socket may deliver them.</summary>
internal static class Segments
{
    /// <summary>Two pieces, cut at <paramref name="at"/>; either may be empty.</summary>
    public static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, int at) => Of([bytes[..at], bytes[at..]]);

    /// <summary>A piece for every byte, with empty pieces between.</summary>
    public static ReadOnlySequence<byte> OneByteEach(ReadOnlyMemory<byte> bytes)
    {
        var pieces = new List<ReadOnlyMemory<byte>> { ReadOnlyMemory<byte>.Empty };
        for (int i = 0; i < bytes.Length; i++)
        {
            pieces.Add(bytes.Slice(i, 1));
            pieces.Add(ReadOnlyMemory<byte>.Empty);
        }

        return Of(pieces);
    }

    private static ReadOnlySequence<byte> Of(List<ReadOnlyMemory<byte>> pieces)
    {
        var first = new Segment(pieces[0]);
        Segment last = first;
        foreach (ReadOnlyMemory<byte> piece in pieces.Skip(1))
        {
            last = last.Append(piece);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
