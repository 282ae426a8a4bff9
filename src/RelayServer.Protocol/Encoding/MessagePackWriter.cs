using System.Buffers.Binary;

namespace RelayServer.Protocol;

/// <summary>
/// Writes the MessagePack format, each value in its shortest form, into a span. When the span is too small
/// <see cref="Overflowed"/> sticks and nothing more is written, so an encoder writes straight through and checks once.
/// </summary>
public ref struct MessagePackWriter
{
    /// <summary>Most bytes that an integer takes.</summary>
    public const int IntegerBytesMax = 9;

    /// <summary>Most bytes that the head of a string, byte array or array takes.</summary>
    public const int HeadBytesMax = 5;

    private readonly Span<byte> _destination;

    /// <summary>Writes to the start of <paramref name="destination"/>.</summary>
    public MessagePackWriter(Span<byte> destination)
    {
        _destination = destination;
        WrittenBytes = 0;
        Overflowed = false;
    }

    /// <summary>Bytes written so far.</summary>
    public int WrittenBytes { get; private set; }

    /// <summary>True when a value did not fit.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteHead(MessagePackCode.Nil, 0, 0);

    /// <summary>Writes a boolean.</summary>
    public void WriteBoolean(bool value) => WriteHead(value ? MessagePackCode.True : MessagePackCode.False, 0, 0);

    /// <summary>Writes an unsigned integer.</summary>
    public void WriteUInt64(ulong value)
    {
        switch (value)
        {
            case <= MessagePackCode.PositiveFixIntMax: WriteHead((byte)value, 0, 0); break;
            case <= byte.MaxValue: WriteHead(MessagePackCode.UInt8, value, 1); break;
            case <= ushort.MaxValue: WriteHead(MessagePackCode.UInt16, value, 2); break;
            case <= uint.MaxValue: WriteHead(MessagePackCode.UInt32, value, 4); break;
            default: WriteHead(MessagePackCode.UInt64, value, 8); break;
        }
    }

    /// <summary>Writes a string that is UTF-8 already; the caller answers for its being well formed.</summary>
    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        switch (utf8.Length)
        {
            case < 32: WriteHead((byte)(MessagePackCode.FixStrMin + utf8.Length), 0, 0); break;
            case <= byte.MaxValue: WriteHead(MessagePackCode.Str8, (ulong)utf8.Length, 1); break;
            case <= ushort.MaxValue: WriteHead(MessagePackCode.Str16, (ulong)utf8.Length, 2); break;
            default: WriteHead(MessagePackCode.Str32, (ulong)utf8.Length, 4); break;
        }

        WriteRaw(utf8);
    }

    /// <summary>Writes a string, or nil for an empty one.</summary>
    public void WriteOptionalString(scoped ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            WriteNil();
        }
        else
        {
            WriteString(utf8);
        }
    }

    /// <summary>Writes a byte array.</summary>
    public void WriteBinary(scoped ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case <= byte.MaxValue: WriteHead(MessagePackCode.Bin8, (ulong)bytes.Length, 1); break;
            case <= ushort.MaxValue: WriteHead(MessagePackCode.Bin16, (ulong)bytes.Length, 2); break;
            default: WriteHead(MessagePackCode.Bin32, (ulong)bytes.Length, 4); break;
        }

        WriteRaw(bytes);
    }

    /// <summary>Writes the head of an array; its elements follow.</summary>
    public void WriteArrayHeader(int count)
    {
        switch (count)
        {
            case < 16: WriteHead((byte)(MessagePackCode.FixArrayMin + count), 0, 0); break;
            case <= ushort.MaxValue: WriteHead(MessagePackCode.Array16, (ulong)count, 2); break;
            default: WriteHead(MessagePackCode.Array32, (ulong)count, 4); break;
        }
    }

    /// <summary>Writes values that are encoded already.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> encoded)
    {
        if (Overflowed || encoded.Length > _destination.Length - WrittenBytes)
        {
            Overflowed = true;
            return;
        }

        encoded.CopyTo(_destination[WrittenBytes..]);
        WrittenBytes += encoded.Length;
    }

    private void WriteHead(byte code, ulong value, int widthBytes)
    {
        if (Overflowed || 1 + widthBytes > _destination.Length - WrittenBytes)
        {
            Overflowed = true;
            return;
        }

        Span<byte> at = _destination[WrittenBytes..];
        at[0] = code;
        switch (widthBytes)
        {
            case 1: at[1] = (byte)value; break;
            case 2: BinaryPrimitives.WriteUInt16BigEndian(at[1..], (ushort)value); break;
            case 4: BinaryPrimitives.WriteUInt32BigEndian(at[1..], (uint)value); break;
            case 8: BinaryPrimitives.WriteUInt64BigEndian(at[1..], value); break;
        }

        WrittenBytes += 1 + widthBytes;
    }
}
