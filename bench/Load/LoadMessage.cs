using System.Buffers.Binary;

namespace RelayServer.Bench.Load;

/// <summary>
/// What the head of every payload says, big-endian: magic u32, phase u8, zero u8, publisher u16, number u64,
/// intended send time i64 in nanoseconds of the run's clock. Filler follows up to the payload size asked for.
/// </summary>
/// <param name="Phase">Part of the run.</param>
/// <param name="Publisher">Index of the publisher.</param>
/// <param name="Number">Grows by one from 0 per publisher.</param>
/// <param name="IntendedNanoseconds">When the schedule wanted it sent, which is not when it was sent.</param>
internal readonly record struct LoadMessage(LoadPhase Phase, int Publisher, long Number, long IntendedNanoseconds)
{
    /// <summary>Smallest payload.</summary>
    public const int SizeBytes = 24;

    private const uint Magic = 0x524C_424E;
    private const int PhaseOffset = 4;
    private const int PublisherOffset = 6;
    private const int NumberOffset = 8;
    private const int IntendedOffset = 16;

    /// <summary>Writes the head; the filler is left as it is.</summary>
    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, Magic);
        payload[PhaseOffset] = (byte)Phase;
        payload[PhaseOffset + 1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(payload[PublisherOffset..], (ushort)Publisher);
        BinaryPrimitives.WriteInt64BigEndian(payload[NumberOffset..], Number);
        BinaryPrimitives.WriteInt64BigEndian(payload[IntendedOffset..], IntendedNanoseconds);
    }

    /// <summary>Reads the head; false when the payload is not one of ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out LoadMessage message)
    {
        if (payload.Length < SizeBytes || BinaryPrimitives.ReadUInt32BigEndian(payload) != Magic)
        {
            message = default;
            return false;
        }

        message = new LoadMessage(
            (LoadPhase)payload[PhaseOffset],
            BinaryPrimitives.ReadUInt16BigEndian(payload[PublisherOffset..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[NumberOffset..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[IntendedOffset..]));
        return true;
    }

    /// <summary>Fills a payload with bytes that differ from place to place and are the same in every run.</summary>
    public static void WriteFiller(Span<byte> payload)
    {
        for (int i = SizeBytes; i < payload.Length; i++)
        {
            payload[i] = (byte)('a' + (i % 26));
        }
    }
}
