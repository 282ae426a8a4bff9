namespace RelayServer.Rooms;

/// <summary>What there is to know of one setting.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Name">As people write it: <c>slow_mode_ms</c>.</param>
/// <param name="Unit">What a number of it counts, or the few numbers that it may be; <c>text</c> when it is a text.</param>
/// <param name="Minimum">Least value; of a text, least length in bytes.</param>
/// <param name="Maximum">Greatest value; of a text, greatest length in bytes.</param>
/// <param name="Default">The value where none is set; of no meaning for a text.</param>
public sealed record RoomSettingRule(RoomSetting Setting, string Name, string Unit, ulong Minimum, ulong Maximum, ulong Default)
{
    internal const string TextUnit = "text";

    /// <summary>What it may be, as the end of "must be …".</summary>
    public string Form => IsText ? ControlText.Form(Minimum, Maximum, HasLines) : char.IsAsciiDigit(Unit[0]) ? Unit : $"{Minimum} to {Maximum} {Unit}";

    internal bool HasLines => Setting == RoomSetting.Description;

    /// <summary>True when its value is a text, else it is a number.</summary>
    public bool IsText { get; } = Unit == TextUnit;
}
