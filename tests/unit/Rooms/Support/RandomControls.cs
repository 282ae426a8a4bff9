using FsCheck;
using FsCheck.Fluent;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms.Support;

/// <summary>FsCheck generators of what people and programs do to a room, sensible or not.</summary>
internal static class RandomControls
{
    public static readonly string[] Users = [Stage.Owner, Stage.Host, Stage.Moderator, Stage.Member, Stage.Operator, Stage.Service, "a", "b", "ünï"];

    private static readonly uint[] Durations = [0, 1, 30, 3600, RoomLimits.ForGoodSeconds];

    /// <summary>Who does what, after how many seconds.</summary>
    public static Gen<(string Actor, RoomControl Control, int Seconds)> Steps =>
        from actor in Gen.Elements(Users)
        from control in Controls
        from seconds in Gen.Choose(0, 40)
        select (actor, control, seconds);

    private static Gen<RoomControl> Controls =>
        from user in Gen.Elements(Users)
        from seconds in Gen.Elements(Durations)
        from number in Gen.Choose(0, 3)
        from role in Gen.Choose(0, 7)
        from rule in Gen.Elements(RoomSettings.All.Where(rule => !rule.IsText))
        from value in Gen.Choose(0, 3)
        from which in Gen.Choose(0, 17)
        select which switch
        {
            0 => RoomControl.Create("t" + number, "d"),
            1 => RoomControl.Set(rule.Setting, value switch { 0 => rule.Minimum, 1 => rule.Maximum, 2 => rule.Default, _ => rule.Maximum + 1 }),
            2 => RoomControl.Set(RoomSetting.Title, "title " + number),
            3 => RoomControl.Start(),
            4 => number == 0 ? RoomControl.End() : RoomControl.Notice("n" + number),
            5 => RoomControl.SplitByEdges(),
            6 => RoomControl.SplitIntoGroups((uint)number),
            7 => RoomControl.SplitAutomatically(),
            8 => RoomControl.Merge(),
            9 => RoomControl.Appoint(user, (Role)role),
            10 => RoomControl.Mute(user, seconds),
            11 => RoomControl.Kick(user, "out"),
            12 => RoomControl.Ban(user, seconds),
            13 => RoomControl.BanAddress($"10.{number}.0.0/16", seconds),
            14 => RoomControl.Delete(user, (ulong)number, (ulong)value),
            15 => RoomControl.Pin(new RoomProduct("p" + number, "P", (ulong)value, "EUR", 1, "")),
            16 => RoomControl.Unpin("p" + number),
            _ => RoomControl.Purchase("p" + number, (uint)value),
        };
}
