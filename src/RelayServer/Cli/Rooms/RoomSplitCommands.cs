using System.CommandLine;
using System.CommandLine.Parsing;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary><c>relay room split</c> and <c>merge</c>.</summary>
internal static class RoomSplitCommands
{
    private const string SplitDetails =
        """
        edge    the members of each edge are a part of their own
        groups  K groups of similar size; a user is in the same one at every edge
        auto    the relay splits and merges by the room's settings (auto_...) until somebody does so by hand

        What members say reaches their own part; what hosts, moderators and services say reaches all. Nothing is lost or
        doubled. A room that is split is merged before it is split otherwise.

        Examples:
          relay room split sale --mode groups --groups 8
          relay room split sale --mode edge
          relay room split sale --mode auto
        """;

    private const string MergeDetails =
        """
        Everybody reads everybody again, from this place in the room's order on. It also ends an automatic policy;
        while the room is together that is all it does.

        Example:
          relay room merge sale
        """;

    private static readonly string[] Modes = ["edge", "groups", "auto"];

    public static IEnumerable<Command> All()
    {
        var mode = new Option<string>("--mode") { Description = "edge, groups or auto", HelpName = "MODE", Required = true };
        var groups = new Option<uint?>("--groups")
        {
            Description = $"With --mode groups: how many, {RoomLimits.GroupsMin} to {Partitioning.PartitionsMax}, and not more than members",
            HelpName = "K",
            CustomParser = ParseGroups,
        };
        yield return RoomSubcommand.Change(
            "split", "Split a room", SplitDetails, [mode, groups], parsed => Split(parsed.GetRequiredValue(mode), parsed.GetValue(groups)));
        yield return RoomSubcommand.Change("merge", "Bring everybody in a room together again", MergeDetails, [], _ => RoomControl.Merge());
    }

    /// <summary>A split as it is asked for in words.</summary>
    /// <exception cref="SettingsException">The words are no split.</exception>
    public static RoomControl Split(string mode, uint? groups)
    {
        if (groups is not null && mode != "groups" && Array.IndexOf(Modes, mode) >= 0)
        {
            throw new SettingsException([$"--groups goes with --mode groups, not with --mode {mode}"]);
        }

        return mode switch
        {
            "groups" when groups is { } count => RoomControl.SplitIntoGroups(count),
            "groups" => throw new SettingsException(["--mode groups wants to know how many: --groups K"]),
            "edge" or "edges" => RoomControl.SplitByEdges(),
            "auto" => RoomControl.SplitAutomatically(),
            _ => throw new SettingsException([$"--mode {mode}: expected edge, groups or auto"]),
        };
    }

    private static uint? ParseGroups(ArgumentResult result)
    {
        string text = result is { Tokens: [{ Value: var value }, ..] } ? value : string.Empty;
        if (uint.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out uint groups)
            && groups is >= RoomLimits.GroupsMin and <= Partitioning.PartitionsMax)
        {
            return groups;
        }

        result.AddError($"--groups takes {RoomLimits.GroupsMin} to {Partitioning.PartitionsMax}, not '{text}'");
        return null;
    }
}
