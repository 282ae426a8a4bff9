using System.Net;
using System.Text;

namespace RelayServer.Hosting;

/// <summary>What is printed when everything runs: where it is, how to use it, how to stop it.</summary>
internal static class StartScreen
{
    /// <summary>What is printed when somebody asks it to stop.</summary>
    public const string Stopping = "Stopping: sessions are asked to move. Ctrl+C again ends it at once.";

    /// <summary>The text.</summary>
    /// <param name="role">What runs.</param>
    /// <param name="parts">Its parts, started.</param>
    /// <param name="isTls">Its edges speak TLS.</param>
    /// <param name="command">How the user calls this program.</param>
    public static string Render(RelayRole role, RelayParts parts, bool isTls, string command)
    {
        var screen = new StringBuilder();
        screen.Append("RelayServer ").Append(BuildVersion.Text).Append(", ").AppendLine(Describe(role)).AppendLine();
        int number = 0;
        IReadOnlyList<IPEndPoint> edges = parts.EdgeEndpoints();
        foreach (IPEndPoint edge in edges)
        {
            number++;
            AddRow(screen, role == RelayRole.Local ? $"edge {number}" : "edge", edge.ToString());
        }

        if (parts.Auth?.Server is { } auth)
        {
            AddRow(screen, "auth", $"{auth.Address}   (sign-in, tokens, consents)");
        }

        AddRow(screen, "http", $"http://{Reachable(parts.Http.Endpoint)}/   (metrics, health{(edges.Count > 0 ? "; /rooms for operators" : string.Empty)})");
        if (parts.Services is { } services)
        {
            AddServices(screen, services);
        }

        if (role == RelayRole.Local)
        {
            AddChat(screen, parts, isTls, command);
        }

        return screen.AppendLine().AppendLine("Stop with Ctrl+C.").ToString();
    }

    /// <summary>Where to connect to a listener: nobody can connect to "any address", but the loopback is one that it covers.</summary>
    public static IPEndPoint Reachable(IPEndPoint endpoint)
    {
        if (endpoint.Address.Equals(IPAddress.Any))
        {
            return new IPEndPoint(IPAddress.Loopback, endpoint.Port);
        }

        return endpoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, endpoint.Port) : endpoint;
    }

    private static string Describe(RelayRole role) => role switch
    {
        RelayRole.Local => "one process: master, edges, embedded log",
        RelayRole.Auth => "authentication server",
        RelayRole.Master => "master",
        RelayRole.Edge => "edge",
        _ => "services from feeds and webhooks",
    };

    private static void AddServices(StringBuilder screen, AdaptersPart services)
    {
        AddRow(screen, "services", string.Join(", ", services.Services));
        if (services.HooksEndpoint is { } hooks)
        {
            AddRow(screen, "webhooks", $"http://{Reachable(hooks)}/hooks/NAME");
        }
    }

    private static void AddChat(StringBuilder screen, RelayParts parts, bool isTls, string command)
    {
        string folder = parts.DataFolder!.Folder.Path;
        string options = (isTls ? " --tls" : string.Empty) + (IsDefault(folder) ? string.Empty : $" --data {LaunchCommand.Quote(folder)}");
        AddRow(screen, "data", folder);
        AddRow(screen, "token", $"{DataFolder.TokenFileIn(folder)}   (changes with every start)");
        screen.AppendLine().AppendLine("Chat, in two more terminals:").AppendLine();
        IReadOnlyList<IPEndPoint> edges = parts.EdgeEndpoints();
        AddCommand(screen, $"{command} chat lobby --user alice --edge {Reachable(edges[0])}{options}");
        AddCommand(screen, $"{command} chat lobby --user bob --edge {Reachable(edges[^1])}{options}");
        if (parts.Auth is not null)
        {
            string data = IsDefault(folder) ? string.Empty : $" --data {LaunchCommand.Quote(folder)}";
            screen.AppendLine().AppendLine("Or sign in to an account, and chat as it without --user:").AppendLine();
            AddCommand(screen, $"{command} register alice{data}");
            AddCommand(screen, $"{command} login --phone '+82 10 1234 5678'{data}   (the code appears here)");
        }
    }

    // In another terminal the variable may not be set; only the place that needs none goes without saying.
    private static bool IsDefault(string folder) => folder == DataFolder.Default;

    private static void AddRow(StringBuilder screen, string name, string value) =>
        screen.Append("  ").Append(name.PadRight(9)).AppendLine(value);

    private static void AddCommand(StringBuilder screen, string line) => screen.Append("  ").AppendLine(line);
}
