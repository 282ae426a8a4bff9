using System.Numerics;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The settings of a room that are numbers and were set; the rest have their defaults. Asked for every message.</summary>
internal sealed class SettingValues
{
    private const int FieldCount = 2;

    // By number. Rooms in which nothing was set share the defaults.
    private static readonly ulong[] s_defaults = Defaults();

    private ulong[] _values = s_defaults;

    // A bit for each setting; a test sees to it that none has a number above 63.
    private ulong _isSet;

    public IEnumerable<RoomSettingValue> All
    {
        get
        {
            for (int setting = 0; setting < _values.Length; setting++)
            {
                if (IsSet(setting))
                {
                    yield return new RoomSettingValue((RoomSetting)setting, _values[setting]);
                }
            }
        }
    }

    public int EncodedBytesMax => MessagePackWriter.HeadBytesMax + (Count * (1 + (FieldCount * MessagePackWriter.IntegerBytesMax)));

    private int Count => BitOperations.PopCount(_isSet);

    /// <summary>The value that counts.</summary>
    public ulong this[RoomSetting setting]
    {
        get => _values[(int)setting];
        set
        {
            if (_values == s_defaults)
            {
                _values = [.. s_defaults];
            }

            _values[(int)setting] = value;
            _isSet |= 1UL << (int)setting;
        }
    }

    /// <summary>Why settings do not go together once these are changed; null when they do.</summary>
    public ControlRefusal? CheckTogether(IReadOnlyList<RoomSettingValue> changes)
    {
        ulong After(RoomSetting setting)
        {
            ulong value = this[setting];
            foreach (RoomSettingValue change in changes)
            {
                value = change.Setting == setting ? change.Number : value;
            }

            return value;
        }

        // What a room is split at must not be what it is merged at, or it would be split and merged in turns.
        return CheckAbove(RoomSetting.AutoSplitMembers, RoomSetting.AutoMergeMembers, After)
            ?? CheckAbove(RoomSetting.AutoSplitMessagesPerSecond, RoomSetting.AutoMergeMessagesPerSecond, After);
    }

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, byte.MaxValue);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(FieldCount);
            var setting = (RoomSetting)reader.ReadUInt64(byte.MaxValue);
            ulong value = reader.ReadUInt64();
            reader.Skip(extra, StateList.OpenLevels);

            // One that a later version has set is passed over.
            if (RoomSettings.Find(setting) is { IsText: false } rule)
            {
                if (value < rule.Minimum || value > rule.Maximum || IsSet((int)setting))
                {
                    reader.Fail(DecodeStatus.OutOfRange);
                    return;
                }

                this[setting] = value;
            }
        }
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        foreach (RoomSettingValue value in All)
        {
            writer.WriteArrayHeader(FieldCount);
            writer.WriteUInt64((ulong)value.Setting);
            writer.WriteUInt64(value.Number);
        }
    }

    private bool IsSet(int setting) => (_isSet >> setting & 1) != 0;

    private static ulong[] Defaults()
    {
        ulong[] defaults = new ulong[RoomSettings.All.Max(rule => (int)rule.Setting) + 1];
        foreach (RoomSettingRule rule in RoomSettings.All)
        {
            defaults[(int)rule.Setting] = rule.Default;
        }

        return defaults;
    }

    private static ControlRefusal? CheckAbove(RoomSetting upper, RoomSetting lower, Func<RoomSetting, ulong> after)
    {
        ulong split = after(upper);
        return split == 0 || split > after(lower)
            ? null
            : new ControlRefusal(ErrorCode.BadArgument, $"set: {RoomSettings.Find(upper)!.Name} must be above {RoomSettings.Find(lower)!.Name}, or 0");
    }
}
