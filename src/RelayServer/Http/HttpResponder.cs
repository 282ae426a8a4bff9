using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RelayServer.Hosting;
using RelayServer.Http.Admin;
using RelayServer.Metrics;

namespace RelayServer.Http;

/// <summary>
/// Answers the addresses there are: <c>/</c>, <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>, and in a process with an
/// edge <c>/rooms</c>.
/// </summary>
internal sealed class HttpResponder(HttpAccess access, Func<Readiness> readiness, Func<byte[]> renderMetrics, RoomAdmin? rooms)
{
    private const string PlainText = "text/plain; charset=utf-8";

    /// <summary>Answers one request.</summary>
    public Task RespondAsync(HttpContext context)
    {
        SetPolicies(context.Response.Headers);
        HttpRequest request = context.Request;
        if (!access.IsHostAllowed(request))
        {
            return WriteAsync(context, StatusCodes.Status421MisdirectedRequest, PlainText, "Use an address or localhost as the host name.\n"u8.ToArray());
        }

        if (rooms is not null && RoomRoute.IsBelowRoot(request.Path.Value))
        {
            return WriteAdminAsync(context, rooms);
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, PlainText, "Only GET and HEAD.\n"u8.ToArray());
        }

        return request.Path.Value switch
        {
            "/healthz" => WriteAsync(context, StatusCodes.Status200OK, PlainText, "ok\n"u8.ToArray()),
            "/readyz" => WriteReadinessAsync(context),
            "/metrics" => Guarded(context, WriteMetricsAsync),
            "/" => Guarded(context, WriteIndexAsync),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, PlainText, "There are /, /healthz, /readyz and /metrics, and in a process with an edge /rooms.\n"u8.ToArray()),
        };
    }

    private static void SetPolicies(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
    }

    private static Task WriteAsync(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static async Task WriteAdminAsync(HttpContext context, RoomAdmin rooms)
    {
        AdminReply reply;
        try
        {
            reply = await rooms.AnswerAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
            return;
        }

        IHeaderDictionary headers = context.Response.Headers;
        if (reply.RetryAfterSeconds > 0)
        {
            headers.RetryAfter = reply.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        if (reply.EndsConnection)
        {
            headers.Connection = "close";
        }

        if (reply.Allow is not null)
        {
            headers.Allow = reply.Allow;
        }

        if (reply.Challenge is not null)
        {
            headers[HeaderNames.WWWAuthenticate] = reply.Challenge;
        }

        await WriteAsync(context, reply.Status, "application/json", reply.Body);
    }

    private Task Guarded(HttpContext context, Func<HttpContext, Task> write)
    {
        if (access.MayReadMetrics(context.Request))
        {
            return write(context);
        }

        context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return WriteAsync(context, StatusCodes.Status401Unauthorized, PlainText, Encoding.UTF8.GetBytes(
            "Send the bearer token of Http:TokenFile. Without one set, only a loopback listener or Http:AnonymousMetrics=true shows this.\n"));
    }

    private Task WriteReadinessAsync(HttpContext context)
    {
        ReadinessReport report = readiness().Read();
        int status = report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return WriteAsync(context, status, "application/json", JsonSerializer.SerializeToUtf8Bytes(report, ReadinessJson.Default.ReadinessReport));
    }

    private Task WriteIndexAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(HttpPages.Index(readiness().Read(), rooms is not null)));

    private Task WriteMetricsAsync(HttpContext context)
    {
        byte[] page;
        try
        {
            page = renderMetrics();
        }
        catch (InvalidOperationException)
        {
            return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, PlainText, "Metrics could not be collected.\n"u8.ToArray());
        }

        return WriteAsync(context, StatusCodes.Status200OK, PrometheusWriter.ContentType, page);
    }
}
