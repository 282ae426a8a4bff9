using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The settings of a room that are numbers and were set; the rest have their defaults.</summary>
internal sealed class SettingValues
{
    private const int FieldCount = 2;

    private readonly SortedList<RoomSetting, ulong> _set = [];

    public IEnumerable<RoomSettingValue> All => _set.Select(pair => new RoomSettingValue(pair.Key, pair.Value));

    public int EncodedBytesMax => MessagePackWriter.HeadBytesMax + (_set.Count * (1 + (FieldCount * MessagePackWriter.IntegerBytesMax)));

    /// <summary>The value that counts.</summary>
    public ulong this[RoomSetting setting]
    {
        get => _set.TryGetValue(setting, out ulong value) ? value : RoomSettings.Find(setting)!.Default;
        set => _set[setting] = value;
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
                if (value < rule.Minimum || value > rule.Maximum || !_set.TryAdd(setting, value))
                {
                    reader.Fail(DecodeStatus.OutOfRange);
                }
            }
        }
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_set.Count);
        foreach ((RoomSetting setting, ulong value) in _set)
        {
            writer.WriteArrayHeader(FieldCount);
            writer.WriteUInt64((ulong)setting);
            writer.WriteUInt64(value);
        }
    }

    private static ControlRefusal? CheckAbove(RoomSetting upper, RoomSetting lower, Func<RoomSetting, ulong> after)
    {
        ulong split = after(upper);
        return split == 0 || split > after(lower)
            ? null
            : new ControlRefusal(ErrorCode.BadArgument, $"{RoomSettings.Find(upper)!.Name} must be above {RoomSettings.Find(lower)!.Name}, or 0");
    }
}
