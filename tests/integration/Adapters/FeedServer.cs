using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>A web server on the loopback that answers as the test says.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FeedServer(WebApplication server, int port)
    {
        _server = server;
        Port = port;
    }

    public int Port { get; }

    /// <param name="respond">Answers.</param>
    /// <param name="certificate">With one it speaks TLS.</param>
    public static async Task<FeedServer> StartAsync(Func<HttpContext, Task> respond, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication server = builder.Build();
        server.Run(context => respond(context));
        await server.StartAsync();
        string address = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new FeedServer(server, new Uri(address).Port);
    }

    /// <summary>An address on it; any host resolves to it where the test resolves hosts.</summary>
    public Uri Url(string path = "/feed", string host = "127.0.0.1") => new($"http://{host}:{Port}{path}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
