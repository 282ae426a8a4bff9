using System.CommandLine;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary><c>relay room create</c>, <c>start</c>, <c>end</c>, <c>set</c> and <c>appoint</c>.</summary>
internal static class RoomLifeCommands
{
    private const string CreateDetails =
        """
        Who creates a room owns it and is its host; with --user and --role member that is somebody else than the operator.
        It is scheduled until 'relay room start'. A name is used once: a room that has ended stays ended.

        Examples:
          relay room create sale --title 'Spring sale'
          relay room create sale --title 'Spring sale' --description 'Everything must go' --starts 18:00 --user anna --role member
        """;

    private const string StartDetails = "Example:\n  relay room start sale";
    private const string EndDetails = "Nobody speaks or reacts in it after that, whatever their role; it can still be read, and does not start again.\n\nExample:\n  relay room end sale";

    private const string AppointDetails =
        """
        ROLE is host, moderator, member, viewer (reads and reacts only), or none to dismiss.

        Examples:
          relay room appoint sale bob moderator
          relay room appoint sale bob none
        """;

    public static IEnumerable<Command> All()
    {
        yield return Create();
        yield return RoomSubcommand.Change("start", "Go live", StartDetails, [], _ => RoomControl.Start());
        yield return RoomSubcommand.Change("end", "End a broadcast, for good", EndDetails, [], _ => RoomControl.End());
        yield return Set();
        var user = new Argument<string>("USER") { Description = "Whom" };
        var role = new Argument<string>("ROLE") { Description = "host, moderator, member, viewer or none" };
        yield return RoomSubcommand.Change(
            "appoint", "Give somebody a role in a room, or take it", AppointDetails, [user, role],
            parsed => RoomControl.Appoint(parsed.GetRequiredValue(user), ReadRole(parsed.GetRequiredValue(role))));
    }

    private static Command Create()
    {
        var title = new Option<string>("--title") { Description = $"For people, at most {RoomLimits.TitleBytesMax} bytes", HelpName = "TEXT", Required = true };
        var description = new Option<string?>("--description") { Description = $"For people, at most {RoomLimits.DescriptionBytesMax} bytes", HelpName = "TEXT" };
        var starts = new Option<string?>("--starts") { Description = $"When it is to begin: {RoomValues.TimeRule}", HelpName = "TIME" };
        return RoomSubcommand.Change("create", "Create a room for a broadcast", CreateDetails, [title, description, starts], parsed => RoomControl.Create(
            parsed.GetRequiredValue(title), parsed.GetValue(description) ?? string.Empty, ReadStart(parsed.GetValue(starts))));
    }

    private static Command Set()
    {
        var settings = new Argument<string[]>("NAME=VALUE") { Description = "Settings, of those listed below", Arity = ArgumentArity.OneOrMore };
        return RoomSubcommand.Change("set", "Change settings of a room", SetDetails(), [settings], parsed => RoomControl.Set(
            [.. parsed.GetRequiredValue(settings).Select(ReadSetting)]));
    }

    private static string SetDetails()
    {
        IEnumerable<string> rows = RoomSettings.All.Select(rule =>
            $"  {rule.Name}: {SettingWords.Range(rule)}{(SettingWords.Default(rule) is { } value ? $" [default: {value}]" : string.Empty)}\n      {SettingWords.Of(rule.Setting)}");
        return $"""
            Settings:
            {string.Join('\n', rows)}

            What has a unit of time takes 500ms, 2s, 10m, 1h, too. 'relay room status' shows those that are not at their default.

            Examples:
              relay room set sale slow_mode_ms=2s links_refused=on
              relay room set sale 'title=Spring sale, day two' frozen=off
            """;
    }

    private static RoomSettingValue ReadSetting(string text) =>
        RoomValues.ParseSetting(text, TimeProvider.System.GetLocalNow(), out RoomSettingValue value) is { } problem
            ? throw new SettingsException([problem])
            : value;

    private static ulong ReadStart(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        return RoomValues.TryTime(text, TimeProvider.System.GetLocalNow(), out DateTimeOffset time)
            ? (ulong)time.ToUnixTimeMilliseconds()
            : throw new SettingsException([$"--starts {text}: expected {RoomValues.TimeRule}"]);
    }

    private static Role ReadRole(string text) => RoleNames.TryParse(text, out Role role) && role is not (Role.Service or Role.Operator)
        ? role
        : throw new SettingsException([$"'{text}' is no role that a room gives; expected host, moderator, member, viewer or none"]);
}
