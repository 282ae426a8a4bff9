using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RelayServer.Accounts.Limits;
using RelayServer.Accounts.Sessions;
using RelayServer.Guards;
using RelayServer.Storage;

namespace RelayServer.Accounts.Http;

/// <summary>Finds the endpoint of a request, sees that who asks may, and writes the answer.</summary>
internal sealed class AuthResponder(AuthContext context, AuthEndpoints endpoints, TokenIssuer tokens)
{
    private const string Scheme = "Bearer ";
    private const string Unknown = "unknown";
    private const int SegmentCharactersMax = 64;
    private static readonly AuthReply Unmodified = new(StatusCodes.Status304NotModified, default);

    private readonly IReadOnlyList<AuthEndpoint> _endpoints = endpoints.All;

    /// <summary>Answers one request.</summary>
    public async Task RespondAsync(HttpContext http)
    {
        long start = Stopwatch.GetTimestamp();
        AuthEndpoint? endpoint = null;
        string outcome = "ok";
        try
        {
            AuthReply reply;
            try
            {
                (endpoint, string item) = Find(http.Request);
                reply = await AnswerAsync(http, endpoint, item);
            }
            catch (AuthException refusal)
            {
                outcome = refusal.Problem.Code;
                reply = Refuse(http, refusal.Problem);
            }
            catch (DatabaseException problem)
            {
                // Two that did the same at once, or a database that is away: the client may try again.
                AuthLog.StorageFailed(context.Logger, endpoint!.Name, problem.Failure.ToString(), problem.Message);
                outcome = AuthProblem.Unavailable.Code;
                reply = Refuse(http, AuthProblem.Unavailable);
            }
            catch (Exception problem) when (problem is not (OperationCanceledException or BadHttpRequestException))
            {
                AuthLog.RequestFailed(context.Logger, endpoint?.Name ?? Unknown, problem);
                outcome = AuthProblem.Failed.Code;
                reply = Refuse(http, AuthProblem.Failed);
            }

            await WriteAsync(http, reply);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            outcome = "canceled";
        }
        catch (BadHttpRequestException)
        {
            outcome = "broken";
            throw;
        }
        finally
        {
            AuthMetrics.AddRequest(endpoint?.Name ?? Unknown, outcome, Stopwatch.GetElapsedTime(start));
        }
    }

    private static AuthReply Refuse(HttpContext http, AuthProblem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (problem.RetryAfterSeconds > 0)
        {
            http.Response.Headers.RetryAfter = problem.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        return AuthJson.Reply(problem);
    }

    private static async Task WriteAsync(HttpContext http, AuthReply reply)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (reply.CacheSeconds > 0)
        {
            string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(reply.Body.Span).AsSpan(0, 16))}\"";
            headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={reply.CacheSeconds}");
            headers.ETag = tag;
            if (http.Request.Headers.IfNoneMatch.Contains(tag))
            {
                reply = Unmodified;
            }
        }

        http.Response.StatusCode = reply.Status;
        if (reply.Body.Length > 0)
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = reply.Body.Length;
            await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
        }
    }

    private async Task<AuthReply> AnswerAsync(HttpContext http, AuthEndpoint endpoint, string item)
    {
        SignedInUser? user = endpoint.NeedsUser ? await ReadUserAsync(http.Request) : null;
        using RequestFields fields = await RequestFields.ReadAsync(http.Request, http.RequestAborted);
        var client = new CountedClient(ClientAddress.Of(AddressOf(http)), context.Secret);
        return await endpoint.AnswerAsync(new AuthRequest(http, fields, client, item, user));
    }

    private (AuthEndpoint Endpoint, string Item) Find(HttpRequest request)
    {
        // A page in a browser could otherwise reach a listener on the loopback under a name of its own that it points there.
        string host = request.Host.Host.Trim('[', ']');
        if (context.Options.IsLoopback && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(host, out _))
        {
            throw new AuthException(new AuthProblem(StatusCodes.Status421MisdirectedRequest, "misdirected", "use an address or localhost as the host name"));
        }

        string path = request.Path.Value ?? string.Empty;
        int slash = path.LastIndexOf('/') + 1;
        string item = string.Empty;
        AuthEndpoint[] there = [.. _endpoints.Where(endpoint => endpoint.Path == path && !path.EndsWith('/'))];
        if (there.Length == 0 && slash < path.Length && path.Length - slash <= SegmentCharactersMax)
        {
            there = [.. _endpoints.Where(endpoint => endpoint.Path == path[..slash])];
            item = path[slash..];
        }

        if (there.Length == 0)
        {
            throw new AuthException(AuthProblem.NotFound);
        }

        string method = HttpMethods.IsHead(request.Method) ? HttpMethods.Get : request.Method;
        if (Array.Find(there, endpoint => endpoint.Method == method) is { } found)
        {
            return (found, item);
        }

        string methods = string.Join(", ", there.Select(endpoint => endpoint.Method));
        request.HttpContext.Response.Headers.Allow = methods;
        throw new AuthException(new AuthProblem(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"here: {methods}"));
    }

    private async Task<SignedInUser> ReadUserAsync(HttpRequest request)
    {
        StringValues header = request.Headers[HeaderNames.Authorization];
        return header.Count == 1 && header[0] is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && await tokens.ReadAsync(value[Scheme.Length..].Trim()) is { } user
            ? user
            : throw new AuthException(AuthProblem.InvalidToken);
    }

    private IPAddress? AddressOf(HttpContext http)
    {
        if (!context.Options.BehindProxy)
        {
            return http.Connection.RemoteIpAddress;
        }

        // The last value is what the proxy itself saw; those before it anybody can write.
        // Some write the port, too.
        string? last = http.Request.Headers["X-Forwarded-For"].LastOrDefault()?.Split(',')[^1].Trim();
        return last is not null && IPEndPoint.TryParse(last, out IPEndPoint? client) ? client.Address : http.Connection.RemoteIpAddress;
    }
}
