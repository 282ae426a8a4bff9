using System.CommandLine;
using System.Text.Json;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;

namespace RelayServer.Cli.Accounts;

/// <summary><c>relay account</c>: the handle, the password and the end of the account.</summary>
internal static class AccountCommand
{
    private const string ExitCodes = "Exit codes: 0 done, 1 no authentication server, 2 wrong usage, 3 not signed in or not accepted, 5 refused.";

    private const string HandleDetails =
        $"""
        A handle is a short name of your own, which nobody else on this server has. 'relay whoami' shows it.

        Examples:
          relay account handle the-one
          relay account handle --none

        {ExitCodes}
        """;

    private const string PasswordDetails =
        $"""
        The old password is asked for, and the new one twice, without being shown; or each is read from a file of mode 600. All other sign-ins
        of the account end: on every other device you sign in again. Who has no password yet adds one with 'relay link --user NAME'.

        Examples:
          relay account password
          relay account password --password-file ./old --new-password-file ./new

        {ExitCodes}
        """;

    private const string EraseDetails =
        $"""
        Erases the account with its handle, all its ways to sign in and all consents, and ends all its sign-ins. That cannot be undone: who signs
        in with the same phone later is somebody new, to services, too. What was said in rooms stays there.

        It asks before it does so; a script says --yes.

        {ExitCodes}
        """;

    private const string Answer = "erase";

    /// <summary>The command.</summary>
    public static Command Create(AccountConsole console) => new("account", "Set your handle, change your password, or erase your account")
    {
        Handle(),
        Password(console),
        Erase(console),
    };

    private static DetailedCommand Handle()
    {
        var arguments = new AuthArguments();
        var name = new Argument<string?>("NAME")
        {
            Description = "3 to 32 characters of a-z, 0-9, '_' and '-'",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var none = new Option<bool>("--none") { Description = "Take your handle away" };
        var command = new DetailedCommand("handle", "Set your handle, or take it away", HandleDetails) { name, none };
        arguments.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(name) is { Tokens.Count: > 0 }) == (result.GetResult(none) is { Implicit: false }))
            {
                result.AddError("give either a handle or --none");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            string? handle = parsed.GetValue(none) ? null : parsed.GetValue(name);
            await session.SendAsync(HttpMethod.Put, "/account/handle", new() { ["handle"] = handle }, cancellationToken);
            AccountText.Write(
                parsed, arguments.IsJson(parsed), new { handle }, handle is null ? "You have no handle any more." : $"Your handle is {handle}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static DetailedCommand Password(AccountConsole console)
    {
        var arguments = new AuthArguments();
        var before = new Option<string?>("--password-file") { Description = "File with the old password, readable by you only", HelpName = "FILE" };
        var after = new Option<string?>("--new-password-file") { Description = "File with the new password, readable by you only", HelpName = "FILE" };
        var command = new DetailedCommand("password", "Change your password; all your other sign-ins end", PasswordDetails) { before, after };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            JsonElement account = await session.SendAsync(HttpMethod.Get, "/account", null, cancellationToken);
            string name = NameIn(account)
                ?? throw new CommandFailureException(ClientExitCode.Refused, "your account has no password; add one with 'relay link --user NAME'");
            Dictionary<string, object?> body = new()
            {
                ["name"] = name,
                ["password"] = await AccountSecret.ReadPasswordAsync(parsed.GetValue(before), console, twice: false, cancellationToken),
                ["new_password"] = await AccountSecret.ReadPasswordAsync(parsed.GetValue(after), console, twice: true, cancellationToken, "New password"),
            };
            await session.SendAsync(HttpMethod.Post, "/password/change", body, cancellationToken);
            AccountText.Write(
                parsed, arguments.IsJson(parsed), new { password_changed = true }, "Your password is changed. All your other sign-ins have ended.");
            return ExitCode.Done;
        });
        return command;
    }

    private static DetailedCommand Erase(AccountConsole console)
    {
        var arguments = new AuthArguments();
        var yes = new Option<bool>("--yes") { Description = "Erase it without asking" };
        var command = new DetailedCommand("erase", "Erase your account and everything that names it", EraseDetails) { yes };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var session = new AccountSession(arguments.Folder(parsed));
            StoredLogin login = session.Tokens.Read();
            string question =
                $"This erases your account {login.UserId} at {login.Auth}: its handle, every way to sign in to it, and all consents.\n"
                + $"It cannot be undone. Type '{Answer}' to go on: ";
            if (!parsed.GetValue(yes) && (await console.ReadLineAsync(question, cancellationToken))?.Trim() != Answer)
            {
                throw new CommandFailureException(ClientExitCode.Refused, $"nothing was erased; type '{Answer}' when asked, or say --yes");
            }

            await session.SendConfirmedAsync(HttpMethod.Delete, "/account", [], cancellationToken);
            await session.Tokens.ForgetAsync(cancellationToken);
            AccountText.Write(parsed, arguments.IsJson(parsed), new { erased = true, user_id = login.UserId }, $"The account {login.UserId} is erased.");
            return ExitCode.Done;
        });
        return command;
    }

    private static string? NameIn(JsonElement account) => account.GetProperty("identities").EnumerateArray()
        .Where(identity => identity.GetProperty("kind").GetString() == "password")
        .Select(identity => identity.GetProperty("label").GetString())
        .FirstOrDefault();
}
