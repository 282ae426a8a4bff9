using System.Buffers.Binary;
using System.Text.Unicode;

namespace RelayServer.Protocol;

/// <summary>
/// Bounded, non-recursive, allocation-free reader of the MessagePack format. The first failure sticks in
/// <see cref="Status"/> and every later read returns a default value, so a decoder reads straight through and
/// checks once.
/// </summary>
public ref struct MessagePackReader
{
    private readonly ReadOnlySpan<byte> _source;
    private int _offset;

    /// <summary>Reads from the start of <paramref name="source"/>.</summary>
    public MessagePackReader(ReadOnlySpan<byte> source)
    {
        _source = source;
        _offset = 0;
        Status = DecodeStatus.Ok;
    }

    /// <summary>The first failure, or <see cref="DecodeStatus.Ok"/>.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public readonly int Offset => _offset;

    /// <summary>Bytes left to read.</summary>
    public readonly int RemainingBytes => _source.Length - _offset;

    /// <summary>True when the next value is nil; does not move.</summary>
    public readonly bool IsNil => _offset < _source.Length && _source[_offset] == MessagePackCode.Nil;

    /// <summary>True when the next value is an array; does not move.</summary>
    public readonly bool IsArray =>
        _offset < _source.Length
        && (_source[_offset] is >= MessagePackCode.FixArrayMin and < MessagePackCode.FixStrMin
            or MessagePackCode.Array16 or MessagePackCode.Array32);

    /// <summary>True when the next value is a string; does not move.</summary>
    public readonly bool IsString =>
        _offset < _source.Length
        && (_source[_offset] is >= MessagePackCode.FixStrMin and < MessagePackCode.Nil
            or MessagePackCode.Str8 or MessagePackCode.Str16 or MessagePackCode.Str32);

    /// <summary>Marks the body as failed unless it has failed before.</summary>
    public void Fail(DecodeStatus status)
    {
        if (Status == DecodeStatus.Ok)
        {
            Status = status;
        }
    }

    /// <summary>Reads nil.</summary>
    public void ReadNil()
    {
        if (ReadCode() != MessagePackCode.Nil)
        {
            Fail(DecodeStatus.WrongType);
        }
    }

    /// <summary>Reads a boolean.</summary>
    public bool ReadBoolean()
    {
        byte code = ReadCode();
        if (code is not (MessagePackCode.True or MessagePackCode.False))
        {
            Fail(DecodeStatus.WrongType);
        }

        return Status == DecodeStatus.Ok && code == MessagePackCode.True;
    }

    /// <summary>Reads an unsigned integer of any width, in its shortest form or not.</summary>
    public ulong ReadUInt64()
    {
        byte code = ReadCode();
        if (code <= MessagePackCode.PositiveFixIntMax)
        {
            return Status == DecodeStatus.Ok ? code : 0UL;
        }

        long signed;
        switch (code)
        {
            case MessagePackCode.UInt8: return ReadBigEndian(1);
            case MessagePackCode.UInt16: return ReadBigEndian(2);
            case MessagePackCode.UInt32: return ReadBigEndian(4);
            case MessagePackCode.UInt64: return ReadBigEndian(8);
            case MessagePackCode.Int8: signed = (sbyte)ReadBigEndian(1); break;
            case MessagePackCode.Int16: signed = (short)ReadBigEndian(2); break;
            case MessagePackCode.Int32: signed = (int)ReadBigEndian(4); break;
            case MessagePackCode.Int64: signed = (long)ReadBigEndian(8); break;
            default:
                Fail(code >= MessagePackCode.NegativeFixIntMin ? DecodeStatus.OutOfRange : DecodeStatus.WrongType);
                return 0;
        }

        // Some encoders write small positive numbers in the signed forms; a negative one is never ours.
        if (signed < 0)
        {
            Fail(DecodeStatus.OutOfRange);
            return 0;
        }

        return (ulong)signed;
    }

    /// <summary>Reads an unsigned integer that must not be above <paramref name="max"/>.</summary>
    public ulong ReadUInt64(ulong max)
    {
        ulong value = ReadUInt64();
        if (value > max)
        {
            Fail(DecodeStatus.OutOfRange);
            return 0;
        }

        return value;
    }

    /// <summary>Reads an unsigned integer that fits 32 bits.</summary>
    public uint ReadUInt32() => (uint)ReadUInt64(uint.MaxValue);

    /// <summary>Reads a well-formed UTF-8 string of at most <paramref name="bytesMax"/> bytes, as a view of the source.</summary>
    public ReadOnlySpan<byte> ReadString(int bytesMax)
    {
        byte code = ReadCode();
        ulong length = code switch
        {
            >= MessagePackCode.FixStrMin and < MessagePackCode.Nil => (ulong)(code - MessagePackCode.FixStrMin),
            MessagePackCode.Str8 => ReadBigEndian(1),
            MessagePackCode.Str16 => ReadBigEndian(2),
            MessagePackCode.Str32 => ReadBigEndian(4),
            _ => WrongType(),
        };
        ReadOnlySpan<byte> text = Take(length, bytesMax);
        if (!Utf8.IsValid(text))
        {
            Fail(DecodeStatus.BadUtf8);
            return default;
        }

        return text;
    }

    /// <summary>Reads a byte array of at most <paramref name="bytesMax"/> bytes, as a view of the source.</summary>
    public ReadOnlySpan<byte> ReadBinary(int bytesMax)
    {
        ulong length = ReadCode() switch
        {
            MessagePackCode.Bin8 => ReadBigEndian(1),
            MessagePackCode.Bin16 => ReadBigEndian(2),
            MessagePackCode.Bin32 => ReadBigEndian(4),
            _ => WrongType(),
        };
        return Take(length, bytesMax);
    }

    /// <summary>Reads an array header. The count is never above the bytes left, so a loop over it is bounded.</summary>
    public int ReadArrayHeader()
    {
        byte code = ReadCode();
        ulong count = code switch
        {
            >= MessagePackCode.FixArrayMin and < MessagePackCode.FixStrMin => (ulong)(code - MessagePackCode.FixArrayMin),
            MessagePackCode.Array16 => ReadBigEndian(2),
            MessagePackCode.Array32 => ReadBigEndian(4),
            _ => WrongType(),
        };
        return (int)CheckedCount(count);
    }

    /// <summary>Reads the header of an array that must not have more than <paramref name="countMax"/> elements.</summary>
    public int ReadArrayHeader(int countMax)
    {
        int count = ReadArrayHeader();
        if (count > countMax)
        {
            Fail(DecodeStatus.OutOfRange);
            return 0;
        }

        return count;
    }

    /// <summary>
    /// Reads the header of an array that must have at least <paramref name="known"/> elements; the rest, which a
    /// later version may have added, is to be passed over with <see cref="Skip"/>.
    /// </summary>
    /// <returns>How many elements follow the known ones.</returns>
    public int ReadTupleHeader(int known)
    {
        int count = ReadArrayHeader();
        if (count < known)
        {
            Fail(DecodeStatus.OutOfRange);
            return 0;
        }

        return count - known;
    }

    /// <summary>Reads an array of entries, each of which is looked at, as a view of the source.</summary>
    public EncodedList<T> ReadList<T>()
        where T : struct, IListEntry<T>, allows ref struct
    {
        int count = Math.DivRem(ReadArrayHeader(T.ListCountMax * T.ValuesPerEntry), T.ValuesPerEntry, out int left);
        if (left != 0)
        {
            Fail(DecodeStatus.OutOfRange);
            count = 0;
        }

        int start = _offset;
        for (int i = 0; i < count; i++)
        {
            T.Read(ref this);
        }

        return new EncodedList<T>(_source[start.._offset], count);
    }

    /// <summary>Reads a string or nil, which is as empty.</summary>
    public ReadOnlySpan<byte> ReadOptionalString(int bytesMax)
    {
        if (!IsNil)
        {
            return ReadString(bytesMax);
        }

        ReadNil();
        return default;
    }

    /// <summary>Passes over <paramref name="values"/> values of any type, without recursion.</summary>
    /// <param name="values">How many values.</param>
    /// <param name="openLevels">How many arrays are open around them, which count towards the depth limit.</param>
    public void Skip(int values, int openLevels = 0)
    {
        for (int i = 0; i < values && Status == DecodeStatus.Ok; i++)
        {
            MessagePackSkipper.SkipOne(ref this, openLevels);
        }
    }

    /// <summary>Fails unless all bytes have been read.</summary>
    public DecodeStatus Finish()
    {
        if (RemainingBytes != 0)
        {
            Fail(DecodeStatus.TrailingBytes);
        }

        return Status;
    }

    internal byte ReadCode()
    {
        if (Status != DecodeStatus.Ok || _offset >= _source.Length)
        {
            Fail(DecodeStatus.Truncated);
            return MessagePackCode.NeverUsed;
        }

        return _source[_offset++];
    }

    internal ulong ReadBigEndian(int widthBytes)
    {
        ReadOnlySpan<byte> bytes = Take((ulong)widthBytes, sizeof(ulong));
        return bytes.Length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            8 => BinaryPrimitives.ReadUInt64BigEndian(bytes),
            _ => 0,
        };
    }

    internal ulong CheckedCount(ulong count)
    {
        // Every element takes at least a byte, so a count above the bytes left is a lie.
        if (Status != DecodeStatus.Ok || count > (ulong)RemainingBytes)
        {
            Fail(DecodeStatus.OutOfRange);
            return 0;
        }

        return count;
    }

    internal ReadOnlySpan<byte> Take(ulong length, int bytesMax)
    {
        if (Status != DecodeStatus.Ok)
        {
            return default;
        }

        if (length > (ulong)bytesMax)
        {
            Fail(DecodeStatus.OutOfRange);
            return default;
        }

        if (length > (ulong)RemainingBytes)
        {
            Fail(DecodeStatus.Truncated);
            return default;
        }

        ReadOnlySpan<byte> taken = _source.Slice(_offset, (int)length);
        _offset += (int)length;
        return taken;
    }

    private ulong WrongType()
    {
        Fail(DecodeStatus.WrongType);
        return 0;
    }
}
