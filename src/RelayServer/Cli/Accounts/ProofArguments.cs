using System.CommandLine;
using System.CommandLine.Parsing;
using RelayServer.Cli.Connections;

namespace RelayServer.Cli.Accounts;

/// <summary>How somebody shows who they are: by phone, by name and password, or with the token of a provider.</summary>
internal sealed class ProofArguments
{
    private readonly Option<string?> _phone = new("--phone") { Description = "Your phone with its country code; a code is sent to it and asked for", HelpName = "NUMBER" };
    private readonly Option<string?> _user = new("--user", "-u") { Description = "Your name, to go with your password", HelpName = "NAME" };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "With --user, file with the password, readable by you only", HelpName = "FILE" };
    private readonly Option<string?> _provider = new("--provider") { Description = "A provider that the server knows, to go with --token-file", HelpName = "NAME" };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "With --provider, file with its id token, readable by you only", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _phone, _user, _passwordFile, _provider, _tokenFile })
        {
            command.Add(option);
        }

        command.Validators.Add(Validate);
    }

    /// <summary>The beginning of the path to send it to, and what to send.</summary>
    /// <exception cref="CommandFailureException">There is no password, code or token.</exception>
    public async Task<(string Path, Dictionary<string, object?> Body)> ReadAsync(
        ParseResult parsed, AccountConsole console, AuthClient client, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_provider) is { } provider)
        {
            return ("/provider", new() { ["provider"] = provider, ["id_token"] = AccountSecret.ReadFile(parsed.GetValue(_tokenFile)!) });
        }

        if (parsed.GetValue(_user) is { } user)
        {
            string password = await AccountSecret.ReadPasswordAsync(parsed.GetValue(_passwordFile), console, twice: false, cancellationToken);
            return ("/password", new() { ["name"] = user, ["password"] = password });
        }

        string challenge = (await client.SendAsync(
            HttpMethod.Post, "/phone/code", new() { ["phone"] = parsed.GetValue(_phone) }, null, cancellationToken)).GetProperty("challenge").GetString()!;
        string? code = await console.ReadLineAsync("Code that was sent: ", cancellationToken);
        return string.IsNullOrWhiteSpace(code)
            ? throw new CommandFailureException(ClientExitCode.Token, "no code was given")
            : ("/phone", new() { ["challenge"] = challenge, ["code"] = code.Trim() });
    }

    private void Validate(CommandResult result)
    {
        int ways = new Option[] { _phone, _user, _provider }.Count(option => result.GetResult(option) is { Implicit: false });
        if (ways != 1)
        {
            result.AddError(ways == 0 ? "say how: --phone NUMBER, --user NAME or --provider NAME" : "--phone, --user and --provider do not go together");
        }
        else if ((result.GetResult(_provider) is null) != (result.GetResult(_tokenFile) is null))
        {
            result.AddError("--provider and --token-file go together");
        }
        else if (result.GetResult(_passwordFile) is not null && result.GetResult(_user) is null)
        {
            result.AddError("--password-file goes with --user");
        }
    }
}
