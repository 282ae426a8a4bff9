namespace RelayServer.Options;

/// <summary>
/// Everything that can be set, as one tree: each property is a key or a section of the configuration. OPTIONS.md
/// describes it and is compared with it by a test.
/// </summary>
internal sealed class RelaySettings
{
    /// <summary>The data folder; null takes <c>$XDG_DATA_HOME/relay</c> or <c>~/.local/share/relay</c>.</summary>
    public string? Data { get; set; }

    public LocalOptions Local { get; set; } = new();

    public TokensOptions Tokens { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public MetricsOptions Metrics { get; set; } = new();

    public LogOptions Log { get; set; } = new();

    public ShutdownOptions Shutdown { get; set; } = new();
}
