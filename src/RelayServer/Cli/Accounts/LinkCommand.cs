using System.CommandLine;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;

namespace RelayServer.Cli.Accounts;

/// <summary><c>relay link</c> and <c>relay unlink</c>: further ways to sign in to the same account.</summary>
internal static class LinkCommand
{
    private const string LinkDetails =
        """
        With --user a name and a password are added. What belongs to another account is refused: sign in there and unlink it first.

        Examples:
          relay link --phone '+82 10 1234 5678'
          relay link --user alice
          relay link --provider example --token-file ./id-token

        Exit codes: as for 'relay login'.
        """;

    private const string UnlinkDetails =
        """
        Example, with an id as 'relay whoami' shows it behind each way to sign in:
          relay unlink w4stc47uexy2a32stabv5dhnk6

        Exit codes: as for 'relay login'.
        """;

    /// <summary>The commands.</summary>
    public static IEnumerable<Command> All(AccountConsole console)
    {
        yield return Link(console);
        yield return Unlink();
    }

    private static DetailedCommand Link(AccountConsole console)
    {
        var arguments = new AuthArguments();
        var proof = new ProofArguments();
        var command = new DetailedCommand("link", "Add a phone, a password or a provider to your account", LinkDetails);
        proof.AddTo(command);
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            using var client = new AuthClient(session.Tokens.Read().Auth);
            await proof.SendAsync(
                parsed, console, client, (path, body) => session.SendConfirmedAsync(HttpMethod.Post, path + "/link", body, cancellationToken), cancellationToken);
            AccountText.Write(parsed, arguments.IsJson(parsed), new { linked = true }, "It is linked; 'relay whoami' shows all.");
            return ExitCode.Done;
        });
        return command;
    }

    private static DetailedCommand Unlink()
    {
        var arguments = new AuthArguments();
        var id = new Argument<string>("ID") { Description = "Which one, as 'relay whoami' shows it" };
        var command = new DetailedCommand("unlink", "Take a way to sign in away from your account; never the last", UnlinkDetails) { id };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            string which = parsed.GetValue(id)!;
            try
            {
                await session.SendConfirmedAsync(HttpMethod.Delete, $"/identities/{Uri.EscapeDataString(which)}", [], cancellationToken);
            }
            catch (AuthRefusedException problem) when (problem.Code == AuthRefusedException.NotFound)
            {
                throw new CommandFailureException(problem.ExitCode, $"you have no way to sign in with the id {which}; 'relay whoami' shows yours", problem);
            }

            AccountText.Write(parsed, arguments.IsJson(parsed), new { unlinked = true }, "It is unlinked.");
            return ExitCode.Done;
        });
        return command;
    }
}
