using System.Buffers.Binary;

namespace RelayServer.Protocol;

/// <summary>
/// The fixed 12-byte header, big-endian: body length u32, type u8, flags u8, reserved u16 (zero), correlation u32.
/// </summary>
/// <param name="BodyBytes">Bytes of the body that follow the header.</param>
/// <param name="Type">Kind of the frame.</param>
/// <param name="Flags">Flags of the frame.</param>
/// <param name="Correlation">Chosen by the asking side, echoed by the answer; 0 where nothing is asked.</param>
public readonly record struct FrameHeader(uint BodyBytes, FrameType Type, FrameFlags Flags, uint Correlation)
{
    /// <summary>Bytes of every header.</summary>
    public const int SizeBytes = 12;

    private const int TypeOffset = 4;
    private const int FlagsOffset = 5;
    private const int ReservedOffset = 6;
    private const int CorrelationOffset = 8;

    /// <summary>Writes the header to the first <see cref="SizeBytes"/> bytes of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, BodyBytes);
        destination[TypeOffset] = (byte)Type;
        destination[FlagsOffset] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(destination[ReservedOffset..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[CorrelationOffset..], Correlation);
    }

    /// <summary>Reads a header from at least <see cref="SizeBytes"/> bytes; false when the reserved bytes are not zero.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = new FrameHeader(
            BinaryPrimitives.ReadUInt32BigEndian(source),
            (FrameType)source[TypeOffset],
            (FrameFlags)source[FlagsOffset],
            BinaryPrimitives.ReadUInt32BigEndian(source[CorrelationOffset..]));
        return BinaryPrimitives.ReadUInt16BigEndian(source[ReservedOffset..]) == 0;
    }
}
