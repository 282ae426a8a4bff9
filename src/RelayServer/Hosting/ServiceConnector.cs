using System.Net.Security;
using RelayServer.Adapters;
using RelayServer.Client;

namespace RelayServer.Hosting;

/// <summary>Connects the services of this process to a relay.</summary>
/// <param name="edges">Where its edges are; asked at every connection.</param>
/// <param name="token">The token of a service.</param>
/// <param name="tls">How to encrypt; null for plain TCP.</param>
internal sealed class ServiceConnector(
    Func<IReadOnlyList<RelayEndpoint>> edges, Func<ServiceStart, string> token, Func<RelayEndpoint, SslClientAuthenticationOptions>? tls)
{
    /// <summary>Registers a service.</summary>
    public Task<IServiceConnection> ConnectAsync(ServiceStart start, CancellationToken cancellationToken) => RelayServiceConnection.ConnectAsync(
        new RelayClientOptions
        {
            Endpoints = edges(),
            TokenProvider = _ => ValueTask.FromResult(token(start)),
            Agent = $"relay-adapter/{BuildVersion.Text} {start.Definition.Name}",
            Tls = tls,
        },
        start,
        cancellationToken);
}
