using Microsoft.Extensions.Logging;
using RelayServer.Http;
using RelayServer.Identity;
using RelayServer.Metrics;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>Puts the parts of a role together. The only place that knows which parts there are.</summary>
internal sealed class RelayComposition(
    RelaySettings settings, Func<Readiness> readiness, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private readonly RelayMetrics _metrics = new(settings.Metrics);
    private readonly ProcessMetrics _process = new(() => readiness().Read().Ready);

    /// <summary>The parts of a role.</summary>
    /// <exception cref="StartException">The settings do not allow the role.</exception>
    public RelayParts Create(RelayRole role) => role switch
    {
        RelayRole.Local => CreateLocal(),
        _ => throw new StartException($"the role {role} is not built in yet"),
    };

    public void Dispose()
    {
        _process.Dispose();
        _metrics.Dispose();
    }

    private RelayParts CreateLocal()
    {
        var key = new TrustedKey(settings.Tokens.Issuer, SigningKey.CreateHs256(TokenKeys.LocalKeyId));
        var folder = new DataFolderPart(DataFolder.Locate(settings.Data));
        HttpPart http = CreateHttp();
        return new RelayParts(
            [http, folder, new CredentialsPart(folder, key, settings.Tokens, settings.Local, time)], http, () => [.. settings.Local.Listen], folder);
    }

    private HttpPart CreateHttp() => new(settings.Http, readiness, _metrics.Render, loggers);
}
