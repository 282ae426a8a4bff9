using System.CommandLine;
using RelayServer.Accounts;
using RelayServer.Hosting;
using RelayServer.Identity;

namespace RelayServer.Cli.Accounts;

/// <summary>The arguments of every command about accounts.</summary>
internal sealed class AuthArguments
{
    private const string Variable = "RELAY_AUTH";

    private readonly Option<string?> _auth = new("--auth")
    {
        Description = "The authentication server [default: $RELAY_AUTH, that of the relay on the data folder, or http://127.0.0.1:7490]",
        HelpName = "URL",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Data folder, which keeps the login [default: $RELAY_DATA, $XDG_DATA_HOME/relay or ~/.local/share/relay]",
        HelpName = "DIR",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as an object" };

    /// <summary>Adds those of a command of who is signed in: where that was, the data folder says.</summary>
    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_json);
    }

    /// <summary>Adds those of a command that signs in.</summary>
    public void AddSignInTo(Command command)
    {
        command.Add(_auth);
        AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_auth) is { Tokens: [{ Value: var text }, ..] } && FindProblem(text) is { } problem)
            {
                result.AddError($"--auth {text}: {problem}");
            }
        });
    }

    /// <summary>The data folder.</summary>
    public string Folder(ParseResult parsed) => DataFolder.Locate(parsed.GetValue(_data) ?? Environment.GetEnvironmentVariable("RELAY_DATA"));

    /// <summary>True when programs read the result.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Where to sign in.</summary>
    /// <exception cref="StartException">What the environment says is no address.</exception>
    public Uri Address(ParseResult parsed)
    {
        string? text = parsed.GetValue(_auth) ?? Environment.GetEnvironmentVariable(Variable);
        string file = DataFolder.AuthFileIn(Folder(parsed));
        if (text is null && File.Exists(file))
        {
            text = File.ReadAllText(file).Trim();
        }

        text ??= $"http://{AuthOptions.ListenDefault}";
        return FindProblem(text) is { } problem ? throw new StartException($"{Variable}: {text} {problem}") : new Uri(text);
    }

    private static string? FindProblem(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        ? DocumentFetcher.FindProblem(address)
        : "must be an address such as https://login.example";
}
