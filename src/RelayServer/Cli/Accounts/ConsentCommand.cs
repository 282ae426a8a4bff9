using System.CommandLine;
using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;

namespace RelayServer.Cli.Accounts;

/// <summary><c>relay consent</c>: which services may know the account.</summary>
internal static class ConsentCommand
{
    private const string Details =
        """
        A service that you allow knows you by a name that it alone has, not by your phone or account; you can use its commands and
        subscribe to its topics. What you allow or take back holds at once for chats and commands that begin then, and for an open chat
        when its token is renewed, in ten minutes at most. What your inbox has subscribed to goes on after a permission was taken back,
        until you end it: 'relay subscriptions' shows it, 'relay unsubscribe' ends it.

        Examples:
          relay consent grant news
          relay consent list
          relay consent revoke news

        Exit codes: as for 'relay login'.
        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new DetailedCommand("consent", "Say which services may know you, each by a name of its own", Details);
        command.Add(List());
        command.Add(Change("grant", "Allow a service", HttpMethod.Put, "is allowed"));
        command.Add(Change("revoke", "Take the permission of a service back", HttpMethod.Delete, "is not allowed any more; what your inbox has subscribed to goes on until 'relay unsubscribe'"));
        return command;
    }

    private static Command List()
    {
        var arguments = new AuthArguments();
        var command = new Command("list", "Show the services that you allowed");
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            JsonElement answer = await session.SendAsync(HttpMethod.Get, "/consents", null, cancellationToken);
            string[] consents = [.. answer.GetProperty("consents").EnumerateArray().Select(item => item.GetString()!)];
            AccountText.Write(parsed, arguments.IsJson(parsed), answer, consents.Length == 0 ? "You have allowed no service." : string.Join('\n', consents));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Change(string name, string summary, HttpMethod method, string outcome)
    {
        var arguments = new AuthArguments();
        var service = new Argument<string>("SERVICE") { Description = "The service" };
        var command = new Command(name, summary) { service };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            string which = parsed.GetValue(service)!;
            try
            {
                await session.SendAsync(method, $"/consents/{Uri.EscapeDataString(which)}", null, cancellationToken);
            }
            catch (AuthRefusedException problem) when (problem.Code == AuthRefusedException.NotFound)
            {
                throw new CommandFailureException(problem.ExitCode, $"{which} was not allowed; 'relay consent list' shows what you allowed", problem);
            }

            // The next chat is to know it at once.
            await session.Tokens.RefreshAsync(cancellationToken);
            AccountText.Write(parsed, arguments.IsJson(parsed), new { service = which, allowed = method == HttpMethod.Put }, $"{which} {outcome}.");
            return ExitCode.Done;
        });
        return command;
    }
}
