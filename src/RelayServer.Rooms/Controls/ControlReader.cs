using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Reads the shape of a control; whether its values are in range is <see cref="ControlCheck"/>'s to say.</summary>
internal static class ControlReader
{
    // Elements besides the verb.
    private const int OpenLevels = 1;
    private const int SettingFields = 2;

    public static RoomControl? Read(ReadOnlySpan<byte> payload, out ControlRefusal? refusal)
    {
        var reader = new MessagePackReader(payload);
        int left = reader.ReadTupleHeader(1);
        ulong verb = reader.ReadUInt64();
        if (reader.Status == DecodeStatus.Ok && (verb > byte.MaxValue || ((ControlVerb)verb).Needs() is null))
        {
            refusal = new ControlRefusal(ErrorCode.BadArgument, $"there is no control {verb}");
            return null;
        }

        RoomControl control = ReadArguments(ref reader, (ControlVerb)verb, ref left);
        reader.Skip(left, OpenLevels);
        refusal = reader.Finish() switch
        {
            DecodeStatus.Ok => null,
            DecodeStatus.OutOfRange => new ControlRefusal(ErrorCode.BadArgument, "an argument of the control is missing or out of range"),
            _ => new ControlRefusal(ErrorCode.MalformedBody, "the payload is not a control"),
        };
        return refusal is null ? control : null;
    }

    private static RoomControl ReadArguments(ref MessagePackReader reader, ControlVerb verb, ref int left)
    {
        switch (verb)
        {
            case ControlVerb.Create:
                Take(ref reader, ref left, 3);
                return RoomControl.Create(ReadString(ref reader), ReadString(ref reader), reader.ReadUInt64());
            case ControlVerb.Set:
                Take(ref reader, ref left, 1);
                return RoomControl.Set(ReadSettings(ref reader));
            case ControlVerb.Split:
                return ReadSplit(ref reader, ref left);
            case ControlVerb.Product:
                Take(ref reader, ref left, RoomProduct.FieldCount);
                return RoomControl.Pin(ReadProduct(ref reader));
            case ControlVerb.ProductRemoved:
                Take(ref reader, ref left, 1);
                return RoomControl.Unpin(ReadString(ref reader));
            case ControlVerb.Purchase:
                Take(ref reader, ref left, 3);
                return RoomControl.Purchase(ReadString(ref reader), reader.ReadUInt32(), ReadString(ref reader));
            case ControlVerb.Notice:
                Take(ref reader, ref left, 1);
                return RoomControl.Notice(ReadString(ref reader));
            case ControlVerb.Start or ControlVerb.End or ControlVerb.Merge:
                return new RoomControl { Verb = verb };
            default:
                return ReadAboutSomebody(ref reader, verb, ref left);
        }
    }

    private static RoomControl ReadAboutSomebody(ref MessagePackReader reader, ControlVerb verb, ref int left)
    {
        if (verb == ControlVerb.BanAddress && left == 0)
        {
            // As it is logged.
            return new RoomControl { Verb = verb };
        }

        Take(ref reader, ref left, verb is ControlVerb.Appoint or ControlVerb.Kick ? 2 : 3);
        string who = ReadString(ref reader);
        return verb switch
        {
            ControlVerb.Appoint => RoomControl.Appoint(who, (Role)reader.ReadUInt64((ulong)Role.Operator)),
            ControlVerb.Mute => RoomControl.Mute(who, reader.ReadUInt32(), ReadString(ref reader)),
            ControlVerb.Kick => RoomControl.Kick(who, ReadString(ref reader)),
            ControlVerb.Ban => RoomControl.Ban(who, reader.ReadUInt32(), ReadString(ref reader)),
            ControlVerb.BanAddress => RoomControl.BanAddress(who, reader.ReadUInt32(), ReadString(ref reader)),
            _ => RoomControl.Delete(who, reader.ReadUInt64(), reader.ReadUInt64()),
        };
    }

    // The number of groups may be absent where there is none to say.
    private static RoomControl ReadSplit(ref MessagePackReader reader, ref int left)
    {
        Take(ref reader, ref left, 1);
        ulong split = reader.ReadUInt64((ulong)ControlSplit.Auto);
        uint groups = 0;
        if (left > 0)
        {
            left--;
            groups = reader.ReadUInt32();
        }

        return new RoomControl { Verb = ControlVerb.Split, Split = (ControlSplit)split, Groups = groups };
    }

    private static RoomSettingValue[] ReadSettings(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count > RoomLimits.SettingsInControlMax)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return [];
        }

        var settings = new RoomSettingValue[count];
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(SettingFields);
            var setting = (RoomSetting)reader.ReadUInt64(byte.MaxValue);
            settings[i] = reader.IsString
                ? new RoomSettingValue(setting, 0, ReadString(ref reader))
                : new RoomSettingValue(setting, reader.ReadUInt64());
            reader.Skip(extra, OpenLevels + 2);
        }

        return settings;
    }

    private static RoomProduct ReadProduct(ref MessagePackReader reader) => new(
        ReadString(ref reader),
        ReadString(ref reader),
        reader.ReadUInt64(),
        ReadString(ref reader),
        reader.ReadUInt32(),
        ReadString(ref reader));

    // No longer than the payload, so that it is the check that says which text is too long.
    private static string ReadString(ref MessagePackReader reader) => Encoding.UTF8.GetString(reader.ReadString(int.MaxValue));

    private static void Take(ref MessagePackReader reader, ref int left, int arguments)
    {
        left -= arguments;
        if (left < 0)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            left = 0;
        }
    }
}
