using Microsoft.AspNetCore.Http.Features;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RelayServer.Hosting;
using RelayServer.Http.Admin;
using RelayServer.Options;

namespace RelayServer.Http;

/// <summary>
/// The HTTP listener for health, metrics and operators. It starts before the other parts and stops after them, so that a probe gets
/// an answer, and not a refused connection, while they start and drain.
/// </summary>
internal sealed class HttpPart(
    HttpOptions options, Func<Readiness> readiness, Func<byte[]> renderMetrics, RoomAdmin? rooms, ILoggerFactory loggers) : IRelayPart
{
    private const int ConnectionsMax = 128;
    private const int HeaderBytesMax = 16 * 1024;
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(120);

    private WebApplication? _server;

    public string Name => "http";

    /// <summary>Where it listens, once started.</summary>
    public IPEndPoint Endpoint { get; private set; } = options.Listen;

    public string? NotReadyReason => _server is null ? "not started" : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var access = new HttpAccess(options, options.TokenFile is null ? null : BearerToken.Read(options.TokenFile));
        WebApplication server = Build(new HttpResponder(access, readiness, renderMetrics, rooms));
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or System.Net.Sockets.SocketException)
        {
            await server.DisposeAsync();
            throw ListenProblem.Describe(options.Listen, "Http:Listen", "--http", problem);
        }

        string address = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        Endpoint = new IPEndPoint(options.Listen.Address, new Uri(address).Port);
        _server = server;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync(cancellationToken);
            await server.DisposeAsync();
        }
    }

    private WebApplication Build(HttpResponder responder)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = KeepAlive;
            kestrel.Listen(options.Listen);
        });
        WebApplication server = builder.Build();
        server.Run(responder.RespondAsync);
        return server;
    }
}
