using System.CommandLine;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary><c>relay</c>, <c>relay master</c>, <c>relay edge</c>, <c>relay auth</c>: the commands that serve.</summary>
internal static class ServeCommand
{
    private const string MasterDetails =
        """
        Example:
          relay master --redis 127.0.0.1:6379 --http 127.0.0.1:7480
        """;

    private const string EdgeDetails =
        """
        The key file is the public half of the key that tokens are signed with, as 'relay key create' makes it.

        Example:
          relay edge --redis 127.0.0.1:6379 --http 127.0.0.1:7481 --listen 0.0.0.0:7400 --key-file ./relay-key.json.pub
        """;

    private const string AuthDetails =
        """
        Edges take its tokens when Tokens:KeySets:0:Url and Tokens:KeySets:0:RevocationsUrl name it.

        Example:
          relay auth --http 127.0.0.1:7483
        """;

    private const string SubscriptionsDetails =
        """
        What it runs is in the settings: each service with its feeds, its webhooks and the file of a token of the role service
        that names it. Beside a relay on the same machine it wants an HTTP address and a data folder of its own.

        Examples:
          (umask 077; relay token --user service-gazette --role service --service gazette --ttl 30d > gazette.token)
          relay adapter subscriptions --config services.json --http 127.0.0.1:7485 --data ./services
        """;

    /// <summary>The command without a name: everything in one process.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            "A high-throughput chat relay. Without a command it runs everything in one process: a master, two edges and an embedded log.");
        foreach (Option option in root.Options.Where(option => option is VersionOption))
        {
            option.Description = "Show the version";
        }

        Bind(root, RelayRole.Local);
        return root;
    }

    /// <summary>The command of a scaled role.</summary>
    public static Command Create(RelayRole role)
    {
        ServingCommand command = role switch
        {
            RelayRole.Master => new("master", "Run a master of a scaled deployment: orders and logs messages in Redis", MasterDetails),
            RelayRole.Auth => new("auth", "Run the authentication server of a scaled deployment: accounts, sign-in, tokens", AuthDetails),
            _ => new("edge", "Run an edge of a scaled deployment: holds client connections", EdgeDetails),
        };
        Bind(command, role);
        if (role == RelayRole.Auth)
        {
            command.Add(RotateCommand.Create());
            command.Add(SubjectKeyCommand.Create());
        }

        return command;
    }

    /// <summary><c>relay adapter</c>, whose commands run services beside a relay.</summary>
    public static Command CreateAdapters()
    {
        var subscriptions = new ServingCommand(
            "subscriptions", "Run services whose updates come from feeds and webhooks; Adapters:Subscriptions describes them", SubscriptionsDetails);
        Bind(subscriptions, RelayRole.Subscriptions);
        return new Command("adapter", "Run services that join something outside to the chat window") { subscriptions };
    }

    /// <summary>True for the commands that run until they are asked to stop.</summary>
    public static bool Serves(Command command) => command is RootCommand or ServingCommand;

    private static void Bind(Command command, RelayRole role)
    {
        var arguments = new SettingArguments(role);
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RelaySettings settings = arguments.Load(parsed);
            await RelayHost.RunAsync(role, settings, parsed.InvocationConfiguration.Output, cancellationToken);
            return ExitCode.Done;
        });
    }
}
