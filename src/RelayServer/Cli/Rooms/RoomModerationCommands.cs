using System.CommandLine;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary><c>relay room mute</c>, <c>unmute</c>, <c>kick</c>, <c>ban</c>, <c>unban</c> and <c>delete</c>.</summary>
internal static class RoomModerationCommands
{
    private const string DefaultMute = "10m";
    private const string DefaultBan = "forever";

    private const string MuteDetails = "Examples:\n  relay room mute sale bob\n  relay room mute sale bob --for 1h --reason spam";
    private const string UnmuteDetails = "Example:\n  relay room unmute sale bob";
    private const string KickDetails = "Who is put out may come back after ten seconds.\n\nExample:\n  relay room kick sale bob --reason 'wrong room'";

    private const string BanDetails =
        """
        Nothing more in, nothing more out, on any edge, at once. Ranges of addresses are for operators.

        Examples:
          relay room ban sale bob --for 7d --reason spam
          relay room ban sale --address 203.0.113.0/24 --for 1h
        """;

    private const string UnbanDetails = "Examples:\n  relay room unban sale bob\n  relay room unban sale --address 203.0.113.0/24";

    private const string DeleteDetails =
        """
        A message is named by who sent it and the numbers that 'relay chat --json' shows as producer and number.

        Example:
          relay room delete sale bob 10254631977163021 7
        """;

    public static IEnumerable<Command> All()
    {
        Argument<string> user = User();
        Option<string?> reason = Reason();
        Option<string> seconds = For(DefaultMute);
        yield return RoomSubcommand.Change(
            "mute", "Take somebody's voice", MuteDetails, [user, seconds, reason],
            parsed => RoomControl.Mute(parsed.GetRequiredValue(user), Seconds(parsed, seconds), parsed.GetValue(reason) ?? string.Empty));
        Argument<string> unmuted = User();
        yield return RoomSubcommand.Change(
            "unmute", "Give it back", UnmuteDetails, [unmuted], parsed => RoomControl.Mute(parsed.GetRequiredValue(unmuted), 0));
        Argument<string> kicked = User();
        Option<string?> kickReason = Reason();
        yield return RoomSubcommand.Change(
            "kick", "Put somebody out", KickDetails, [kicked, kickReason],
            parsed => RoomControl.Kick(parsed.GetRequiredValue(kicked), parsed.GetValue(kickReason) ?? string.Empty));
        yield return Ban();
        yield return Unban();
        yield return Delete();
    }

    private static Command Ban()
    {
        Argument<string?> user = OptionalUser();
        Option<string?> address = Address();
        Option<string> seconds = For(DefaultBan);
        Option<string?> reason = Reason();
        return RoomSubcommand.Change("ban", "Put somebody out and keep them out", BanDetails, [user, address, seconds, reason], parsed =>
            Ban(parsed.GetValue(user), parsed.GetValue(address), Seconds(parsed, seconds), parsed.GetValue(reason) ?? string.Empty));
    }

    private static Command Unban()
    {
        Argument<string?> user = OptionalUser();
        Option<string?> address = Address();
        return RoomSubcommand.Change("unban", "Let somebody in again", UnbanDetails, [user, address], parsed =>
            Ban(parsed.GetValue(user), parsed.GetValue(address), 0, string.Empty));
    }

    private static Command Delete()
    {
        Argument<string> user = User();
        var producer = new Argument<ulong>("PRODUCER") { Description = "The message's producer" };
        var number = new Argument<ulong>("NUMBER") { Description = "The message's number" };
        return RoomSubcommand.Change("delete", "Delete a message", DeleteDetails, [user, producer, number], parsed =>
            RoomControl.Delete(parsed.GetRequiredValue(user), parsed.GetValue(producer), parsed.GetValue(number)));
    }

    private static RoomControl Ban(string? user, string? address, uint seconds, string reason) => (user, address) switch
    {
        ({ } name, null) => RoomControl.Ban(name, seconds, reason),
        (null, { } range) => RoomControl.BanAddress(range, seconds, reason),
        _ => throw new SettingsException(["name a user or a range of addresses: USER or --address CIDR"]),
    };

    private static Argument<string> User() => new("USER") { Description = "Whom" };

    private static Argument<string?> OptionalUser() => new("USER") { Description = "Whom", Arity = ArgumentArity.ZeroOrOne };

    private static Option<string?> Address() => new("--address") { Description = "In place of a user, all who come from these addresses", HelpName = "CIDR" };

    private static Option<string?> Reason() => new("--reason") { Description = "Why, for the room to read", HelpName = "TEXT" };

    private static Option<string> For(string length) => new("--for")
    {
        Description = $"How long: {Duration.SecondsRule}",
        HelpName = "TIME",
        DefaultValueFactory = _ => length,
    };

    private static uint Seconds(ParseResult parsed, Option<string> option) =>
        Duration.TryParseSeconds(parsed.GetValue(option)!, out uint seconds)
            ? seconds
            : throw new SettingsException([$"--for {parsed.GetValue(option)}: expected {Duration.SecondsRule}"]);
}
