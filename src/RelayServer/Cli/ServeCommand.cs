using System.CommandLine;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary><c>relay</c>, <c>relay master</c>, <c>relay edge</c>, <c>relay auth</c>: the commands that serve.</summary>
internal static class ServeCommand
{
    private const string MasterName = "master";
    private const string EdgeName = "edge";
    private const string AuthName = "auth";
    private const string SubscriptionsName = "subscriptions";

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
        Command command = role switch
        {
            RelayRole.Master => new Command(MasterName, "Run a master of a scaled deployment: orders and logs messages in Redis"),
            RelayRole.Auth => new Command(AuthName, "Run the authentication server of a scaled deployment: accounts, sign-in, tokens"),
            _ => new Command(EdgeName, "Run an edge of a scaled deployment: holds client connections"),
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
        var subscriptions = new Command(SubscriptionsName, "Run services whose updates come from feeds and webhooks; Adapters:Subscriptions describes them");
        Bind(subscriptions, RelayRole.Subscriptions);
        return new Command("adapter", "Run services that join something outside to the chat window") { subscriptions };
    }

    /// <summary>True for the commands that run until they are asked to stop.</summary>
    public static bool Serves(Command command) => command is RootCommand || command.Name is MasterName or EdgeName or AuthName or SubscriptionsName;

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
