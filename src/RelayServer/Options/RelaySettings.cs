using System.Net;
using RelayServer.Accounts;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.Master;

namespace RelayServer.Options;

/// <summary>
/// Everything that can be set, as one tree: each property is a key or a section of the configuration. OPTIONS.md
/// describes it and is compared with it by a test.
/// </summary>
internal sealed class RelaySettings
{
    private const int AfterDrainSeconds = 5;

    /// <summary>The data folder; null takes <c>$XDG_DATA_HOME/relay</c> or <c>~/.local/share/relay</c>.</summary>
    public string? Data { get; set; }

    public LocalOptions Local { get; set; } = new();

    public EdgeOptions Edge { get; set; } = new();

    public MasterOptions Master { get; set; } = new();

    [Without(nameof(EmbeddedFabricOptions.DataFolder))]
    public EmbeddedFabricOptions Embedded { get; set; } = new();

    public RedisFabricOptions Redis { get; set; } = new();

    public AdaptersOptions Adapters { get; set; } = new();

    public TokensOptions Tokens { get; set; } = new();

    public AuthOptions Auth { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public MetricsOptions Metrics { get; set; } = new();

    public LogOptions Log { get; set; } = new();

    public ShutdownOptions Shutdown { get; set; } = new();

    /// <summary>What is wrong with settings that depend on each other, and what the fabrics' own checks say.</summary>
    public IEnumerable<string> FindProblems()
    {
        if (ProblemOf(Embedded.Validate, "Embedded fabric: ", "Embedded:") is { } embedded)
        {
            yield return embedded;
        }

        if (ProblemOf(Redis.Validate, "Redis fabric: ", "Redis:") is { } redis)
        {
            yield return redis;
        }

        foreach (string problem in Auth.FindProblems().Select(problem => $"Auth:{problem}").Concat(Tokens.FindProblems().Select(problem => $"Tokens:{problem}")))
        {
            yield return problem;
        }

        if (SettingValue.Parse(typeof(IPEndPoint), Edge.Listen, out string expected) is null)
        {
            yield return $"Edge:Listen: \"{Edge.Listen}\" is not allowed; expected {expected}";
        }

        foreach (string problem in Adapters.FindProblems())
        {
            yield return problem;
        }

        int drainSeconds = (Edge.DrainMilliseconds + 999) / 1000;
        if (Shutdown.TimeoutSeconds < drainSeconds + AfterDrainSeconds)
        {
            yield return $"Shutdown:TimeoutSeconds: {Shutdown.TimeoutSeconds} is not allowed; allowed: at least "
                + $"{drainSeconds + AfterDrainSeconds}, which is Edge:DrainMilliseconds and {AfterDrainSeconds} s for the rest";
        }

        if (Edge.IdleTimeoutMilliseconds < 2 * Edge.HeartbeatMilliseconds)
        {
            yield return $"Edge:IdleTimeoutMilliseconds: {Edge.IdleTimeoutMilliseconds} is not allowed; allowed: at least twice Edge:HeartbeatMilliseconds";
        }

        if ((Edge.TlsCertificateFile is null) != (Edge.TlsKeyFile is null))
        {
            yield return "Edge:TlsKeyFile: goes with Edge:TlsCertificateFile; set both or none";
        }
    }

    private static string? ProblemOf(Action validate, string prefix, string section)
    {
        try
        {
            validate();
            return null;
        }
        catch (FabricException problem)
        {
            return problem.Message.Replace(prefix, section, StringComparison.Ordinal).TrimEnd('.');
        }
    }
}
