namespace RelayServer.Rooms;

/// <summary>A setting and its value.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Number">The value of one that is a number, in its unit.</param>
/// <param name="Text">The value of one that is a text; null for a number.</param>
public readonly record struct RoomSettingValue(RoomSetting Setting, ulong Number, string? Text = null);
