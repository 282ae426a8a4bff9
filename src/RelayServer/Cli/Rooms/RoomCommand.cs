using System.CommandLine;

namespace RelayServer.Cli.Rooms;

/// <summary><c>relay room</c>: looks at rooms and changes them, as a client of a running relay.</summary>
internal static class RoomCommand
{
    private const string Details =
        """
        Without more, each command is the operator's of the relay that runs on this machine: it makes itself a token with
        the key in the data folder. For a relay elsewhere give --edge and --token-file. Whose token it is decides what may
        be done: moderators split, merge, mute, kick, ban and delete; hosts also start, end, set and appoint; operators do
        everything in every room.

        Token, first found: --token, --token-file, --user (with --role), RELAY_TOKEN, your sign-in ('relay login') unless --role
        is given, else a token of the user 'operator'.

        Examples:
          relay room create sale --title 'Spring sale' && relay room start sale
          relay room split sale --mode groups --groups 8
          relay room status sale
          relay room mute sale bob --for 10m --reason spam
          relay room set sale slow_mode_ms=2s links_refused=on
          relay room merge sale

        Exit codes: 0 done, 1 no relay, no connection or no answer, 2 wrong usage, 3 token unusable or refused, 5 refused
        by the relay: not allowed, not possible as the room is, or not there.
        """;

    /// <summary>Makes the command, for the root command to add.</summary>
    public static Command Create()
    {
        var command = new DetailedCommand("room", "Look at rooms, split, run and moderate them", Details);
        foreach (Command subcommand in (IEnumerable<Command>)[
            .. RoomQueryCommands.All(), .. RoomSplitCommands.All(), .. RoomLifeCommands.All(), .. RoomModerationCommands.All(), .. RoomPinCommands.All(),
        ])
        {
            command.Add(subcommand);
        }

        return command;
    }
}
