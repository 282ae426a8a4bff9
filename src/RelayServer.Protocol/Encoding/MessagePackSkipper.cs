namespace RelayServer.Protocol;

/// <summary>Passes over one value of any type with a fixed stack of counters instead of recursion.</summary>
internal static class MessagePackSkipper
{
    public static void SkipOne(ref MessagePackReader reader)
    {
        Span<ulong> open = stackalloc ulong[ProtocolLimits.DepthMax];
        int depth = 0;
        while (true)
        {
            ulong children = SkipHead(ref reader);
            if (reader.Status != DecodeStatus.Ok)
            {
                return;
            }

            if (children > 0)
            {
                if (depth == open.Length)
                {
                    reader.Fail(DecodeStatus.TooDeep);
                    return;
                }

                open[depth++] = children;
                continue;
            }

            while (depth > 0 && --open[depth - 1] == 0)
            {
                depth--;
            }

            if (depth == 0)
            {
                return;
            }
        }
    }

    // Reads the head of a value and its scalar content; returns how many values are nested in it.
    private static ulong SkipHead(ref MessagePackReader reader)
    {
        byte code = reader.ReadCode();
        switch (code)
        {
            case <= MessagePackCode.PositiveFixIntMax:
            case >= MessagePackCode.NegativeFixIntMin:
            case MessagePackCode.Nil:
            case MessagePackCode.False:
            case MessagePackCode.True:
                return 0;
            case < MessagePackCode.FixArrayMin:
                return reader.CheckedCount(2UL * (ulong)(code - MessagePackCode.FixMapMin));
            case < MessagePackCode.FixStrMin:
                return reader.CheckedCount((ulong)(code - MessagePackCode.FixArrayMin));
            case < MessagePackCode.Nil:
                return SkipBytes(ref reader, (ulong)(code - MessagePackCode.FixStrMin));
            case MessagePackCode.Array16:
                return reader.CheckedCount(reader.ReadBigEndian(2));
            case MessagePackCode.Array32:
                return reader.CheckedCount(reader.ReadBigEndian(4));
            case MessagePackCode.Map16:
                return reader.CheckedCount(2UL * reader.ReadBigEndian(2));
            case MessagePackCode.Map32:
                return reader.CheckedCount(2UL * reader.ReadBigEndian(4));
            default:
                return SkipBytes(ref reader, ScalarBytes(ref reader, code));
        }
    }

    private static ulong ScalarBytes(ref MessagePackReader reader, byte code)
    {
        switch (code)
        {
            case MessagePackCode.UInt8 or MessagePackCode.Int8: return 1;
            case MessagePackCode.UInt16 or MessagePackCode.Int16: return 2;
            case MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Float32: return 4;
            case MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64: return 8;
            case MessagePackCode.Bin8 or MessagePackCode.Str8: return reader.ReadBigEndian(1);
            case MessagePackCode.Bin16 or MessagePackCode.Str16: return reader.ReadBigEndian(2);
            case MessagePackCode.Bin32 or MessagePackCode.Str32: return reader.ReadBigEndian(4);

            // An extension has a type byte before its data.
            case MessagePackCode.Ext8: return 1 + reader.ReadBigEndian(1);
            case MessagePackCode.Ext16: return 1 + reader.ReadBigEndian(2);
            case MessagePackCode.Ext32: return 1 + reader.ReadBigEndian(4);
            case >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16: return 1 + (1UL << (code - MessagePackCode.FixExt1));
            default:
                reader.Fail(DecodeStatus.WrongType);
                return 0;
        }
    }

    private static ulong SkipBytes(ref MessagePackReader reader, ulong bytes)
    {
        reader.Take(bytes, int.MaxValue);
        return 0;
    }
}
