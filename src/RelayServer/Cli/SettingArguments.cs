using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary>The options of the serving commands, which are short ways to write settings.</summary>
/// <param name="role">Whose.</param>
internal sealed class SettingArguments(RelayRole role)
{
    private readonly Option<string?> _config = new("--config") { Description = "JSON file with settings", HelpName = "FILE" };
    private readonly Option<string?> _data = new("--data") { Description = "Data folder [default: $RELAY_DATA, $XDG_DATA_HOME/relay or ~/.local/share/relay]", HelpName = "DIR" };
    private readonly Option<string[]> _listen = new("--listen") { Description = role switch
    {
        RelayRole.Local => "Address of an edge; repeat it for more edges [default: 127.0.0.1:7400 and :7401]",
        RelayRole.Auth => "Address for sign-ins [default: 127.0.0.1:7490]",
        _ => "Address for clients [default: 127.0.0.1:7400]",
    }, HelpName = "HOST:PORT" };
    private readonly Option<string?> _http = new("--http") { Description = "Address for health and metrics [default: 127.0.0.1:7480]", HelpName = "HOST:PORT" };
    private readonly Option<string?> _redis = new("--redis") { Description = "Redis of the deployment, or its nodes: a primary and its replicas [default: 127.0.0.1:6379]", HelpName = "HOST:PORT[,HOST:PORT...]" };
    private readonly Option<string[]> _keyFile = new("--key-file") { Description = "Key that tokens are checked with; repeat it for more keys", HelpName = "FILE" };
    private readonly Option<string[]> _edge = new("--edge") { Description = "An edge of the relay; repeat it for more, they are tried in turn [default: 127.0.0.1:7400]", HelpName = "HOST:PORT" };
    private readonly Option<string[]> _set = new("--set") { Description = "Any setting, such as Edge:ConnectionsMax=5000; 'relay config check --all' lists them", HelpName = "KEY=VALUE" };

    // Those that meet in Redis.
    private bool IsScaled => role is RelayRole.Master or RelayRole.Edge;

    /// <summary>Adds the options that the role has.</summary>
    public void AddTo(Command command)
    {
        command.Add(_config);
        if (role is RelayRole.Local or RelayRole.Auth or RelayRole.Subscriptions)
        {
            command.Add(_data);
        }

        if (role is RelayRole.Local or RelayRole.Edge or RelayRole.Auth)
        {
            command.Add(_listen);
        }

        command.Add(_http);
        if (IsScaled)
        {
            command.Add(_redis);
        }

        if (role == RelayRole.Subscriptions)
        {
            command.Add(_edge);
        }

        if (role == RelayRole.Edge)
        {
            command.Add(_keyFile);
        }

        command.Add(_set);
    }

    /// <summary>Adds those that say where the settings and the data are, for a command that serves nothing.</summary>
    public void AddSourcesTo(Command command)
    {
        command.Add(_config);
        command.Add(_data);
        command.Add(_set);
    }

    /// <summary>Loads the settings of a command line.</summary>
    /// <exception cref="SettingsException">They are not allowed.</exception>
    public RelaySettings Load(ParseResult parsed) =>
        SettingsSource.Load(parsed.GetValue(_config), Environment.GetEnvironmentVariables(), Collect(parsed));

    private static void AddList(Dictionary<string, string?> settings, string[]? values, Func<string, string> keyOf)
    {
        foreach ((int index, string value) in (values ?? []).Index())
        {
            settings[keyOf(index.ToString(CultureInfo.InvariantCulture))] = value;
        }
    }

    private Dictionary<string, string?> Collect(ParseResult parsed)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (string pair in parsed.GetValue(_set) ?? [])
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new SettingsException([$"--set {pair}: expected KEY=VALUE"]);
            }

            string key = pair[..equals];
            if (SettingTree.IsSecret(key))
            {
                throw new SettingsException([
                    $"--set {key}: a secret is not taken from the command line, where others can see it; "
                    + $"use a file (--config) or the environment ({SettingsSource.EnvironmentNameOf(key)})"]);
            }

            settings[key] = pair[(equals + 1)..];
        }

        if (role == RelayRole.Local)
        {
            AddValue(settings, "Data", parsed.GetValue(_data));
            AddList(settings, parsed.GetValue(_listen), index => ConfigurationPath.Combine("Local", "Listen", index));
        }
        else if (role == RelayRole.Auth)
        {
            AddValue(settings, "Data", parsed.GetValue(_data));
            AddValue(settings, "Auth:Listen", OnlyListen(parsed));
        }
        else if (role == RelayRole.Edge)
        {
            AddValue(settings, "Edge:Listen", OnlyListen(parsed));
            AddList(settings, parsed.GetValue(_keyFile), index => ConfigurationPath.Combine("Tokens", "Keys", index, "File"));
        }
        else if (role == RelayRole.Subscriptions)
        {
            AddValue(settings, "Data", parsed.GetValue(_data));
            AddList(settings, parsed.GetValue(_edge), index => ConfigurationPath.Combine("Adapters", "Edges", index));
        }

        if (IsScaled)
        {
            AddValue(settings, "Redis:Endpoints", parsed.GetValue(_redis));
        }

        AddValue(settings, "Http:Listen", parsed.GetValue(_http));
        return settings;
    }

    private string? OnlyListen(ParseResult parsed) => parsed.GetValue(_listen) switch
    {
        null or [] => null,
        [string one] => one,
        _ => throw new SettingsException([role == RelayRole.Auth ? "--listen: it listens on one address" : "--listen: an edge listens on one address; run one more edge for each further one"]),
    };

    private static void AddValue(Dictionary<string, string?> settings, string key, string? value)
    {
        if (value is not null)
        {
            settings[key] = value;
        }
    }
}
