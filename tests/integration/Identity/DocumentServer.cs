using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RelayServer.IntegrationTests.Identity;

/// <summary>Serves documents that a test sets, with tags, and counts how often each is asked for.</summary>
internal sealed class DocumentServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _asked = [];
    private readonly Dictionary<string, byte[]> _documents = [];

    private DocumentServer(WebApplication server) => _server = server;

    public string Address { get; private set; } = string.Empty;

    public static async Task<DocumentServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        var documents = new DocumentServer(server);
        server.Run(documents.AnswerAsync);
        await server.StartAsync(TestContext.Current.CancellationToken);
        documents.Address = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return documents;
    }

    public Uri At(string path) => new(Address + path);

    /// <summary>Sets a document; null takes it away.</summary>
    public void Set(string path, byte[]? content)
    {
        lock (_gate)
        {
            if (content is null)
            {
                _documents.Remove(path);
            }
            else
            {
                _documents[path] = content;
            }
        }
    }

    public int Asked(string path)
    {
        lock (_gate)
        {
            return _asked.GetValueOrDefault(path);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        byte[]? content;
        lock (_gate)
        {
            _asked[path] = _asked.GetValueOrDefault(path) + 1;
            content = _documents.GetValueOrDefault(path);
        }

        if (content is null)
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        }

        string tag = $"\"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content))}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        }

        return context.Response.Body.WriteAsync(content).AsTask();
    }
}
