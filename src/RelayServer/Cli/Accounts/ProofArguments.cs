using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
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

    /// <summary>Sends it; the server's answer.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="console">Asks for what is not in them.</param>
    /// <param name="client">Sends codes.</param>
    /// <param name="send">Takes the beginning of the path to send it to, and what to send.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandFailureException">There is no password, code or token, or it is refused.</exception>
    public async Task<JsonElement> SendAsync(
        ParseResult parsed, AccountConsole console, AuthClient client, Func<string, Dictionary<string, object?>, Task<JsonElement>> send, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_provider) is { } provider)
        {
            return await send("/provider", new() { ["provider"] = provider, ["id_token"] = AccountSecret.ReadFile(parsed.GetValue(_tokenFile)!) });
        }

        if (parsed.GetValue(_user) is { } user)
        {
            string password = await AccountSecret.ReadPasswordAsync(parsed.GetValue(_passwordFile), console, twice: false, cancellationToken);
            return await send("/password", new() { ["name"] = user, ["password"] = password });
        }

        string challenge = (await client.SendAsync(
            HttpMethod.Post, "/phone/code", new() { ["phone"] = parsed.GetValue(_phone) }, null, cancellationToken)).GetProperty("challenge").GetString()!;
        for (string question = "Code that was sent: "; ; question = "That code is wrong. Code that was sent: ")
        {
            string? code = await console.ReadLineAsync(question, cancellationToken);
            if (string.IsNullOrWhiteSpace(code))
            {
                throw new CommandFailureException(ClientExitCode.Token, "no code was given");
            }

            try
            {
                return await send("/phone", new() { ["challenge"] = challenge, ["code"] = code.Trim() });
            }
            catch (AuthRefusedException problem) when (problem.Code == AuthRefusedException.WrongCode && console.IsPerson)
            {
                // Who has mistyped it types it again, as often as the server takes it: another one is not sent at once.
            }
        }
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
