using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Client;
using RelayServer.Hosting;
using RelayServer.Identity;

namespace RelayServer.Cli.Connections;

/// <summary>The arguments of every command that connects to a relay as a client.</summary>
/// <param name="defaultUser">
/// Who to be when nothing else is said, by a token made here; null takes the token that a relay on this machine keeps.
/// </param>
/// <param name="defaultRole">The role of a token made here.</param>
internal sealed class ConnectionArguments(string? defaultUser = null, TokenRole defaultRole = TokenRole.Member)
{
    private const string DefaultEdge = "127.0.0.1:7400";
    private const string Roles = "viewer, member, service or operator";

    private readonly Option<string[]> _edge = new("--edge", "--connect", "--server", "-e")
    {
        Description = "An edge; repeat it for more, they are tried in turn",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => [DefaultEdge],
    };

    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "File with the token, readable by you only", HelpName = "FILE" };
    private readonly Option<string?> _token = new("--token")
    {
        Description = "The token itself; others on this machine can see it in the list of processes, so prefer --token-file",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _user = new("--user", "-u")
    {
        Description = "Be this user of the relay that runs on this machine, with the key in its data folder"
            + (defaultUser is null ? string.Empty : $" [default: {defaultUser}]"),
        HelpName = "ID",
    };

    private readonly Option<string?> _role = new("--role")
    {
        Description = $"With --user, what to be in every room: {Roles} [default: {TokenRoleName.Of(defaultRole)}]",
        HelpName = "ROLE",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Data folder of the running relay [default: $RELAY_DATA, $XDG_DATA_HOME/relay or ~/.local/share/relay]",
        HelpName = "DIR",
    };

    private readonly Option<bool> _tls = new("--tls") { Description = "Encrypt, and check the edge's certificate" };
    private readonly Option<string?> _tlsAuthority = new("--tls-authority")
    {
        Description = "Like --tls, for a certificate signed by an authority in this PEM file [default: those this machine trusts]",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _edge, _tokenFile, _token, _user, _role, _data, _tls, _tlsAuthority })
        {
            command.Add(option);
        }

        command.Validators.Add(Validate);
    }

    public ConnectionChoice Read(ParseResult parsed, Func<string, string?> environment)
    {
        TokenRole role = parsed.GetValue(_role) is { } name && TokenRoleName.TryParse(name, out TokenRole given) ? given : defaultRole;
        var source = new ConnectionToken
        {
            Literal = parsed.GetValue(_token),
            File = parsed.GetValue(_tokenFile),
            User = parsed.GetValue(_user),
            DefaultUser = defaultUser,
            Role = role,
            NeedsRole = parsed.GetValue(_role) is not null,
            DataFolder = DataFolder.Locate(parsed.GetValue(_data) ?? environment("RELAY_DATA")),
            Environment = environment,
        };
        return new ConnectionChoice
        {
            Edges = [.. parsed.GetValue(_edge)!.Select(RelayEndpoint.Parse)],
            TokenProvider = source.GetAsync,
            Tls = ReadTls(parsed),
        };
    }

    private ConnectionTls? ReadTls(ParseResult parsed)
    {
        if (parsed.GetValue(_tlsAuthority) is { } file)
        {
            // Read when the arguments were checked; what has changed since then leaves nobody to trust.
            ConnectionTls.TryReadAuthorities(file, out X509Certificate2Collection authorities);
            return new ConnectionTls(authorities);
        }

        return parsed.GetValue(_tls) ? new ConnectionTls(null) : null;
    }

    private void Validate(CommandResult result)
    {
        foreach (Token edge in result.GetResult(_edge)?.Tokens ?? [])
        {
            Check(result, RelayEndpoint.TryParse(edge.Value, out _), $"'{edge.Value}' is not host:port");
        }

        string? role = Text(result.GetResult(_role));
        Check(result, role is null || TokenRoleName.TryParse(role, out _), $"--role {role}: expected {Roles}");
        bool mints = defaultUser is not null || result.GetResult(_user) is not null;
        bool hasToken = result.GetResult(_token) is not null || result.GetResult(_tokenFile) is not null;
        Check(result, role is null || (mints && !hasToken), "--role goes with --user: another token says its role itself");
        string? tlsProblem = Text(result.GetResult(_tlsAuthority)) is { } file ? ConnectionTls.TryReadAuthorities(file, out _) : null;
        Check(result, tlsProblem is null, tlsProblem ?? string.Empty);
    }

    // A value that is missing or of the wrong kind has its own error, and asking for it here would throw: only texts are read.
    private static string? Text(SymbolResult? symbol) => symbol is { Tokens: [{ Value: var text }, ..] } ? text : null;

    private static void Check(CommandResult result, bool holds, string message)
    {
        if (!holds)
        {
            result.AddError(message);
        }
    }
}
