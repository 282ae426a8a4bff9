using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Guards;

namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>Takes posts to <c>/hooks/NAME</c>, on a listener of its own.</summary>
internal sealed class HookListener(IPEndPoint listen, IReadOnlyDictionary<string, HookDesk> hooks, ILoggerFactory loggers) : IAsyncDisposable
{
    private const string Prefix = "/hooks/";
    private const int HeaderBytesMax = 16 * 1024;
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    // Connections are few, and one that says nothing has one of them.
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = loggers.CreateLogger<HookListener>();
    private WebApplication? _server;
    private IPEndPoint? _endpoint;

    /// <summary>Where it listens; with the real port once started.</summary>
    public IPEndPoint Endpoint => _endpoint ?? listen;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = HookLimits.ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = HookLimits.BodyBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = SilenceTimeout;
            var shares = new ConnectionShares(HookLimits.ConnectionsPerAddressMax, HookLimits.ConnectionsPerSiteMax);
            kestrel.Listen(listen, listener => listener.Use(
                next => connection => shares.GuardAsync(connection.RemoteEndPoint, connection.Abort, () => next(connection))));
        });
        _server = builder.Build();
        _server.Run(RespondAsync);
        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        string address = _server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        _endpoint = new IPEndPoint(listen.Address, new Uri(address).Port);
        SubscriptionsLog.HooksListening(_logger, Endpoint.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync().ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static HookAnswer TooLarge() => new(413, "too_large", $"a post has at most {HookLimits.BodyBytesMax} bytes");

    private static bool IsJson(string? contentType) =>
        contentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) == true;

    private static async Task WriteAsync(HttpResponse response, HookAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (answer.RetryAfterSeconds > 0)
        {
            response.Headers.RetryAfter = answer.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        Dictionary<string, string> body = answer.IsTaken
            ? new() { ["status"] = answer.Code, ["item"] = answer.Text }
            : new() { ["error"] = answer.Code, ["message"] = answer.Text };
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body)).ConfigureAwait(false);
    }

    private async Task RespondAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ending.CancelAfter(BodyTimeout);
        HookAnswer answer;
        try
        {
            answer = await DecideAsync(context, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            answer = new HookAnswer(408, "too_slow", "the post did not come in time");
        }
        catch (BadHttpRequestException problem)
        {
            answer = problem.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge() : new HookAnswer(problem.StatusCode, "bad_request", "the request is malformed");
        }

        await WriteAsync(context.Response, answer).ConfigureAwait(false);
    }

    private async Task<HookAnswer> DecideAsync(HttpContext context, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        string path = request.Path.Value ?? string.Empty;
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || !hooks.TryGetValue(path[Prefix.Length..], out HookDesk? hook))
        {
            return new HookAnswer(404, "not_found", "there is no such hook");
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = "POST";
            return new HookAnswer(405, "bad_method", "items are posted");
        }

        if (!IsJson(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
        {
            return new HookAnswer(415, "bad_type", "a post is application/json, not packed");
        }

        if (request.ContentLength > HookLimits.BodyBytesMax)
        {
            return TooLarge();
        }

        byte[] body;
        try
        {
            body = await BoundedReading.ReadAsync(request.Body, HookLimits.BodyBytesMax, cancellationToken).ConfigureAwait(false);
        }
        catch (FeedException)
        {
            return TooLarge();
        }

        return await hook.TakeAsync(
            request.Headers[HookSignature.TimestampHeader].ToString(), request.Headers[HookSignature.SignatureHeader].ToString(), body, cancellationToken).ConfigureAwait(false);
    }
}
