using System.Net;
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

    public static async Task<FeedServer> StartAsync(Func<HttpContext, Task> respond)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
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
