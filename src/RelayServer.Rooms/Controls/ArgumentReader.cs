using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// Reads the arguments of a control one after another. The first that is missing, of another type, or more than its type
/// holds, is named in <see cref="Refusal"/>; what is read after it is empty.
/// </summary>
internal ref struct ArgumentReader
{
    // Around an argument: the control.
    private const int OpenLevels = 1;
    private const int SettingFields = 2;

    private MessagePackReader _reader;

    /// <summary>Reads the verb; it may be none.</summary>
    public ArgumentReader(ReadOnlySpan<byte> payload)
    {
        _reader = new MessagePackReader(payload);
        Left = _reader.ReadTupleHeader(1);
        ulong verb = _reader.ReadUInt64();
        Verb = (ControlVerb)verb;
        if (verb > byte.MaxValue || Verb.Needs() is null)
        {
            Refuse(new ControlRefusal(ErrorCode.BadArgument, $"there is no control {verb}"));
        }
    }

    public ControlVerb Verb { get; }

    /// <summary>Arguments that were not read yet.</summary>
    public int Left { get; private set; }

    /// <summary>What is wrong with the first argument that is wrong; null when none was so far.</summary>
    public ControlRefusal? Refusal { get; private set; }

    private readonly bool HasFailed => Refusal is null && _reader.Status != DecodeStatus.Ok;

    public ulong ReadNumber(ControlArgument argument, ulong max = ulong.MaxValue)
    {
        Begin(argument);
        ulong value = _reader.ReadUInt64(max);
        End(argument);
        return value;
    }

    public uint ReadUInt32(ControlArgument argument) => (uint)ReadNumber(argument, uint.MaxValue);

    public string ReadText(ControlArgument argument)
    {
        Begin(argument);
        string text = ReadString();
        End(argument);
        return text;
    }

    public string[] ReadTexts(ControlArgument argument, int countMax)
    {
        Begin(argument);
        string[] texts = new string[_reader.ReadArrayHeader(countMax)];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = ReadString();
        }

        End(argument);
        return texts;
    }

    public RoomSettingValue[] ReadSettings(ControlArgument argument)
    {
        Begin(argument);
        int count = _reader.ReadArrayHeader(RoomLimits.SettingsInControlMax);
        var settings = new RoomSettingValue[count];
        for (int i = 0; i < count && Refusal is null; i++)
        {
            int extra = _reader.ReadTupleHeader(SettingFields);
            var setting = (RoomSetting)_reader.ReadUInt64(byte.MaxValue);
            End(argument);
            settings[i] = _reader.IsString ? new RoomSettingValue(setting, 0, ReadString()) : new RoomSettingValue(setting, _reader.ReadUInt64());
            if (HasFailed)
            {
                Refuse(ControlCheck.RefuseSetting(setting));
            }

            _reader.Skip(extra, OpenLevels + 2);
        }

        End(argument);
        return settings;
    }

    /// <summary>Passes over what a later version may have added; false when anything was wrong with the control.</summary>
    public bool Finish()
    {
        _reader.Skip(Left, OpenLevels);
        return _reader.Finish() == DecodeStatus.Ok && Refusal is null;
    }

    /// <summary>True for one whole array that begins with a number, whatever else is in it.</summary>
    public static bool IsControl(ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        int arguments = reader.ReadTupleHeader(1);
        reader.ReadUInt64();
        reader.Skip(arguments, OpenLevels);
        return reader.Finish() == DecodeStatus.Ok;
    }

    private void Begin(ControlArgument argument)
    {
        if (Left > 0)
        {
            Left--;
        }
        else if (Refusal is null)
        {
            Refuse(argument.RefuseMissing(Verb));
        }
    }

    private void End(ControlArgument argument)
    {
        if (HasFailed)
        {
            Refuse(argument.Refuse(Verb));
        }
    }

    private void Refuse(ControlRefusal refusal)
    {
        Refusal = refusal;
        _reader.Fail(DecodeStatus.OutOfRange);
    }

    // No longer than the payload, so that it is the check that says which text is too long.
    private string ReadString() => Encoding.UTF8.GetString(_reader.ReadString(int.MaxValue));
}
