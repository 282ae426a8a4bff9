namespace RelayServer.Protocol;

/// <summary>Passes over one value of any type with a fixed stack of counters instead of recursion.</summary>
internal static class MessagePackSkipper
{
    /// <summary>Passes over the next value.</summary>
    /// <param name="reader">Where to read.</param>
    /// <param name="openLevels">How many arrays the caller has open around the value.</param>
    public static void SkipOne(ref MessagePackReader reader, int openLevels)
    {
        // left[i] values are still to be passed over in the i-th container that this call has opened.
        Span<ulong> left = stackalloc ulong[ProtocolLimits.DepthMax];
        int depth = 0;
        do
        {
            bool opens = SkipHead(ref reader, out ulong children);
            if (opens && openLevels + depth >= ProtocolLimits.DepthMax)
            {
                reader.Fail(DecodeStatus.TooDeep);
            }

            if (reader.Status != DecodeStatus.Ok)
            {
                return;
            }

            if (children > 0)
            {
                left[depth++] = children;
                continue;
            }

            while (depth > 0 && --left[depth - 1] == 0)
            {
                depth--;
            }
        }
        while (depth > 0);
    }

    // Reads the head of a value and its scalar content; true for an array or map, whose children follow.
    private static bool SkipHead(ref MessagePackReader reader, out ulong children)
    {
        children = 0;
        byte code = reader.ReadCode();
        switch (code)
        {
            case <= MessagePackCode.PositiveFixIntMax:
            case >= MessagePackCode.NegativeFixIntMin:
            case MessagePackCode.Nil:
            case MessagePackCode.False:
            case MessagePackCode.True:
                return false;
            case < MessagePackCode.FixArrayMin:
                return Opens(ref reader, 2UL * (ulong)(code - MessagePackCode.FixMapMin), out children);
            case < MessagePackCode.FixStrMin:
                return Opens(ref reader, (ulong)(code - MessagePackCode.FixArrayMin), out children);
            case < MessagePackCode.Nil:
                reader.Take((ulong)(code - MessagePackCode.FixStrMin), int.MaxValue);
                return false;
            case MessagePackCode.Array16:
                return Opens(ref reader, reader.ReadBigEndian(2), out children);
            case MessagePackCode.Array32:
                return Opens(ref reader, reader.ReadBigEndian(4), out children);
            case MessagePackCode.Map16:
                return Opens(ref reader, 2UL * reader.ReadBigEndian(2), out children);
            case MessagePackCode.Map32:
                return Opens(ref reader, 2UL * reader.ReadBigEndian(4), out children);
            default:
                reader.Take(ScalarBytes(ref reader, code), int.MaxValue);
                return false;
        }
    }

    private static bool Opens(ref MessagePackReader reader, ulong declared, out ulong children)
    {
        children = reader.CheckedCount(declared);
        return true;
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
}
