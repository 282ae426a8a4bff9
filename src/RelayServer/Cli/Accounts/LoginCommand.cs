using System.CommandLine;
using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;

namespace RelayServer.Cli.Accounts;

/// <summary><c>relay login</c>, <c>relay register</c>, <c>relay logout</c> and <c>relay whoami</c>.</summary>
internal static class LoginCommand
{
    private const string LoginDetails =
        """
        Sign in once; 'relay chat' and 'relay room' then connect as you when neither --user nor a token is given. What keeps you
        signed in is in the file `login` of the data folder (mode 600); access tokens are refreshed as needed.

        By phone a code is sent and asked for, again when it is mistyped; a script can pipe it in, once. A password is asked for
        without being shown, or read from a file of mode 600. With --provider give the id token of that provider.

        Examples:
          relay login --phone '+82 10 1234 5678'
          relay login --user alice
          relay login --provider example --token-file ./id-token

        Exit codes: 0 done, 1 no authentication server, 2 wrong usage, 3 not accepted, 5 refused: too often, or not possible.
        """;

    private const string LogoutDetails =
        """
        Ends the sign-in that is kept in the data folder, and forgets it. Open chats of it end within seconds; where an edge cannot
        read what was revoked, when their token expires, in ten minutes at most.

        Exit codes: as for 'relay login'.
        """;

    private const string WhoAmIDetails =
        """
        The last word of each way to sign in is its id: 'relay unlink ID' takes it away, 'relay link' adds another.

        Exit codes: as for 'relay login'; 3 when you are not signed in.
        """;

    private const string RegisterDetails =
        """
        Makes an account with a name and a password, and signs in to it. The name has 3 to 64 characters of a-z, 0-9, '.', '_', '-',
        '+' and '@'. Others never see it: in rooms you have a user id. A phone or a provider needs no 'register': 'relay login'
        makes the account.

        Exit codes: as for 'relay login'.
        """;

    /// <summary>The commands.</summary>
    public static IEnumerable<Command> All(AccountConsole console)
    {
        yield return Login(console);
        yield return Register(console);
        yield return Logout();
        yield return WhoAmI();
    }

    private static DetailedCommand Login(AccountConsole console)
    {
        var arguments = new AuthArguments();
        var proof = new ProofArguments();
        var command = new DetailedCommand("login", "Sign in to your account, by phone, password or provider", LoginDetails);
        proof.AddTo(command);
        arguments.AddSignInTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new AuthClient(arguments.Address(parsed));
            JsonElement answer = await proof.SendAsync(
                parsed, console, client, (path, body) => client.SendAsync(HttpMethod.Post, path + "/sign-in", body, null, cancellationToken), cancellationToken);
            return await KeepAsync(parsed, arguments, client.Address, answer, cancellationToken);
        });
        return command;
    }

    private static DetailedCommand Register(AccountConsole console)
    {
        var arguments = new AuthArguments();
        var name = new Argument<string>("NAME") { Description = "The name to sign in with" };
        var passwordFile = new Option<string?>("--password-file") { Description = "File with the password, readable by you only", HelpName = "FILE" };
        var command = new DetailedCommand("register", "Make an account with a name and a password, and sign in to it", RegisterDetails) { name, passwordFile };
        arguments.AddSignInTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string password = await AccountSecret.ReadPasswordAsync(parsed.GetValue(passwordFile), console, twice: true, cancellationToken);
            using var client = new AuthClient(arguments.Address(parsed));
            JsonElement answer = await client.SendAsync(
                HttpMethod.Post, "/password/register", new() { ["name"] = parsed.GetValue(name), ["password"] = password }, null, cancellationToken);
            return await KeepAsync(parsed, arguments, client.Address, answer, cancellationToken);
        });
        return command;
    }

    private static DetailedCommand Logout()
    {
        var arguments = new AuthArguments();
        var everywhere = new Option<bool>("--everywhere") { Description = "End all sign-ins of the account, on every device" };
        var command = new DetailedCommand("logout", "End your sign-in here", LogoutDetails) { everywhere };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tokens = new LoginTokens(arguments.Folder(parsed), TimeProvider.System);
            StoredLogin login = tokens.Read();
            using var client = new AuthClient(login.Auth);
            try
            {
                await client.SendAsync(
                    HttpMethod.Post, "/sign-out", new() { ["refresh_token"] = login.RefreshToken, ["everywhere"] = parsed.GetValue(everywhere) }, null, cancellationToken);
            }
            catch (CommandFailureException problem) when (problem.ExitCode == ClientExitCode.Token)
            {
                // It has ended already; only the file was left.
            }
            catch (CommandFailureException problem) when (problem.ExitCode == ClientExitCode.Connection)
            {
                string file = StoredLogin.FileIn(arguments.Folder(parsed));
                throw new CommandFailureException(problem.ExitCode, $"{problem.Message}; you are still signed in, and to forget it here alone delete {file}", problem);
            }

            await tokens.ForgetAsync(cancellationToken);
            string text = parsed.GetValue(everywhere) ? "You are signed out everywhere." : "You are signed out.";
            AccountText.Write(parsed, arguments.IsJson(parsed), new { signed_out = true }, text);
            return ExitCode.Done;
        });
        return command;
    }

    private static DetailedCommand WhoAmI()
    {
        var arguments = new AuthArguments();
        var command = new DetailedCommand("whoami", "Show who you are signed in as, how you can sign in, and which services you allowed", WhoAmIDetails);
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            JsonElement account = await session.SendAsync(HttpMethod.Get, "/account", null, cancellationToken);
            AccountText.Write(parsed, arguments.IsJson(parsed), account, AccountText.Describe(account, session.Tokens.Read().Auth));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> KeepAsync(
        ParseResult parsed, AuthArguments arguments, Uri auth, JsonElement answer, CancellationToken cancellationToken)
    {
        StoredLogin login = await new LoginTokens(arguments.Folder(parsed), TimeProvider.System).KeepAsync(auth, answer, cancellationToken);
        bool isNew = answer.GetProperty("is_new_account").GetBoolean();
        AccountText.Write(
            parsed, arguments.IsJson(parsed), new { user_id = login.UserId, is_new_account = isNew },
            $"You are signed in as {login.UserId}{(isNew ? ", a new account" : string.Empty)}. Chat with: relay chat ROOM");
        return ExitCode.Done;
    }
}
