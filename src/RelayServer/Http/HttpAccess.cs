using System.Net;
using Microsoft.AspNetCore.Http;
using RelayServer.Options;

namespace RelayServer.Http;

/// <summary>Who may read what: health is for everybody who reaches the listener, metrics are not.</summary>
/// <param name="options">The listener's settings.</param>
/// <param name="token">The token to ask for; null for none.</param>
internal sealed class HttpAccess(HttpOptions options, BearerToken? token)
{
    private readonly bool _loopback = IPAddress.IsLoopback(options.Listen.Address);

    /// <summary>
    /// True when the request names this machine as its host. On the loopback a page in a browser could otherwise reach
    /// the listener under a name of its own that it has pointed at 127.0.0.1.
    /// </summary>
    public bool IsHostAllowed(HttpRequest request)
    {
        string host = request.Host.Host.Trim('[', ']');
        return !_loopback || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out _);
    }

    /// <summary>True when the request may read metrics.</summary>
    public bool MayReadMetrics(HttpRequest request) =>
        token is null ? _loopback || options.AnonymousMetrics : token.IsIn(request.Headers.Authorization);
}
