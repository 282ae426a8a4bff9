using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace RelayServer.IntegrationTests.Host;

/// <summary>The receiving end of OTLP over gRPC, without TLS: takes every push of metrics and looks for a name in it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const string Method = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    // A gRPC message: not compressed, of no bytes, which is an answer with nothing to say.
    private static readonly byte[] EmptyAnswer = [0, 0, 0, 0, 0];

    private readonly WebApplication _server;
    private readonly string _wanted;
    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpCollector(string wanted)
    {
        _wanted = wanted;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.Run(TakeAsync);
    }

    /// <summary>Where it listens.</summary>
    public string Address => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Ends when the name was in a push; fails on a call that is not one.</summary>
    public Task Found => _found.Task;

    public static async Task<OtlpCollector> StartAsync(string wanted)
    {
        var collector = new OtlpCollector(wanted);
        await collector._server.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.Path != Method || context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            _found.TrySetException(new InvalidOperationException($"called {context.Request.Path} with {context.Request.ContentType}"));
        }

        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(EmptyAnswer, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
        if (body.GetBuffer().AsSpan(0, (int)body.Length).IndexOf(Encoding.ASCII.GetBytes(_wanted)) >= 0)
        {
            _found.TrySetResult();
        }
    }
}
