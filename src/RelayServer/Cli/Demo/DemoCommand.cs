using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.Options;

namespace RelayServer.Cli.Demo;

/// <summary><c>relay demo live</c>: plays a broadcast on a running relay, for people to watch.</summary>
internal static class DemoCommand
{
    private const int ViewersMax = 500;
    private const int ViewersMin = 2;
    private const int SecondsMin = 10;
    private const int SecondsMax = 3600;

    private const string Details =
        """
        It makes a room with a host, a moderator, a shop and viewers over the edges, who come in, talk, send hearts and buy;
        the host pins products, splits the room when it gets crowded, and brings everybody together again. At its start it
        prints the commands to watch it with in other windows. Progress goes to the error output.

        It is for the relay that runs on this machine: everybody gets a token made with the key in its data folder.

        Examples:
          relay demo live
          relay demo live --seconds 180 --viewers 100 --room kitchen

        Exit codes: 0 played, 1 no relay or no connection, 2 wrong usage, 3 tokens refused, 5 the room cannot be had.
        """;

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(2);
    private static readonly string[] DefaultEdges = ["127.0.0.1:7400", "127.0.0.1:7401"];

    /// <summary>Makes the command, for the root command to add.</summary>
    public static Command Create() => new("demo", "Demonstrations on a running relay") { CreateLive() };

    private static DetailedCommand CreateLive()
    {
        var room = new Option<string?>("--room", "-r") { Description = "The room; it must be a new one [default: a name of its own]", HelpName = "ROOM" };
        var seconds = new Option<int>("--seconds") { Description = $"How long it is, {SecondsMin} to {SecondsMax}", HelpName = "N", DefaultValueFactory = _ => 60 };
        var viewers = new Option<int>("--viewers") { Description = $"How many watch, {ViewersMin} to {ViewersMax}", HelpName = "N", DefaultValueFactory = _ => 24 };
        var seed = new Option<int?>("--seed") { Description = "What chance depends on, to see the same again [default: another one each time]", HelpName = "N" };
        var edge = new Option<string[]>("--edge", "--connect", "--server", "-e") { Description = "An edge; repeat it for more, the viewers are spread over them", HelpName = "HOST:PORT", DefaultValueFactory = _ => DefaultEdges };
        var data = new Option<string?>("--data") { Description = "Data folder of the running relay [default: $RELAY_DATA, $XDG_DATA_HOME/relay or ~/.local/share/relay]", HelpName = "DIR" };
        var authority = new Option<string?>("--tls-authority") { Description = "Encrypt; the edges' certificate is signed by an authority in this PEM file", HelpName = "FILE" };
        room.Validators.Add(RoomName.Validate);
        edge.Validators.Add(result => Check(result, text => RelayEndpoint.TryParse(text, out _), "is not host:port"));
        seconds.Validators.Add(result => CheckNumber(result, SecondsMin, SecondsMax));
        viewers.Validators.Add(result => CheckNumber(result, ViewersMin, ViewersMax));
        var command = new DetailedCommand("live", "Play a broadcast: chat, hearts, products, a split and a merge", Details)
        {
            room, seconds, viewers, seed, edge, data, authority,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? folder = parsed.GetValue(data);
            (TrustedKey key, string audience) = LocalToken.Read(folder);
            ConnectionTls? tls = ReadTls(parsed.GetValue(authority));
            var options = new DemoOptions
            {
                Room = parsed.GetValue(room) ?? NewName(),
                Length = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Viewers = parsed.GetValue(viewers),
                Seed = parsed.GetValue(seed) ?? Random.Shared.Next(),
                Edges = [.. parsed.GetValue(edge)!.Select(RelayEndpoint.Parse)],
                Tls = tls,
                Mint = (user, role) => LocalToken.Mint(key, audience, user, TokenLifetime, role),
                WatchOptions = (folder is null ? string.Empty : $" --data {LaunchCommand.Quote(folder)}")
                    + (parsed.GetValue(authority) is { } file ? $" --tls-authority {LaunchCommand.Quote(file)}" : string.Empty),
            };
            DemoPlan plan = DemoPlan.Create(options.Length, options.Viewers, options.Seed);
            await new LiveDemo(options, plan, TimeProvider.System, parsed.InvocationConfiguration.Error).PlayAsync(cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    // A room that has ended stays so: each demonstration wants a name that nobody has had.
    private static string NewName() => string.Create(CultureInfo.InvariantCulture, $"live-{Random.Shared.Next(0x100000):x5}");

    private static ConnectionTls? ReadTls(string? authorityFile)
    {
        if (authorityFile is null)
        {
            return null;
        }

        return ConnectionTls.TryReadAuthorities(authorityFile, out X509Certificate2Collection authorities) is { } problem
            ? throw new SettingsException([problem])
            : new ConnectionTls(authorities);
    }

    private static void Check(OptionResult result, Func<string, bool> holds, string rule)
    {
        foreach (Token token in result.Tokens.Where(token => !holds(token.Value)))
        {
            result.AddError($"'{token.Value}' {rule}");
        }
    }

    private static void CheckNumber(OptionResult result, int minimum, int maximum) => Check(
        result,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum,
        $"is not a number from {minimum} to {maximum}, which {result.Option.Name} takes");
}
