using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>A feed on the web: asked for with what was said of the last version, followed where it moved, read within bounds.</summary>
/// <param name="url">Its address.</param>
/// <param name="client">Sends to the host of the address; see <see cref="CreateClient"/>.</param>
/// <param name="elsewhere">Sends to any other host: what the operator allows to the address, whoever answers there may not claim for others.</param>
/// <param name="bytesMax">Most bytes of the document, packed and unpacked.</param>
/// <param name="timeout">Longest time of a fetch from its start to its last byte.</param>
/// <param name="time">The clock.</param>
internal sealed class HttpFeedSource(
    Uri url, HttpMessageInvoker client, HttpMessageInvoker elsewhere, int bytesMax, TimeSpan timeout, TimeProvider time) : IFeedSource
{
    private static readonly ProductInfoHeaderValue Agent = new("RelayServer.Adapters", "0.1");

    public string Name => url.AbsoluteUri;

    public string? Host => url.IdnHost;

    /// <summary>A client whose connections go where the connector allows, and that follows and unpacks nothing by itself.</summary>
    public static HttpMessageInvoker CreateClient(FeedConnector connector) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = connector.ConnectAsync,
            Credentials = null,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = FeedLimits.HeaderKilobytesMax,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            UseCookies = false,
            UseProxy = false,
        });

    public async Task<FetchResult> FetchAsync(FeedValidators validators, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await FollowAsync(validators, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"it takes longer than {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
        catch (FeedException problem)
        {
            return Failed(problem.Message);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidDataException)
        {
            return Failed(Describe(problem));
        }
    }

    private static FetchResult Failed(string reason) => new(FetchKind.Failed) { Reason = reason };

    private static string Describe(Exception problem) => problem switch
    {
        HttpRequestException { InnerException: FeedException refused } => refused.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "its certificate is not accepted",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "its server cannot be reached",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "its headers are too large",
        InvalidDataException => "it is not packed as it says",
        _ => "the connection was lost, or what came is not HTTP",
    };

    private async Task<FetchResult> FollowAsync(FeedValidators validators, CancellationToken cancellationToken)
    {
        Uri address = url;
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = CreateRequest(address, validators);
            HttpMessageInvoker sender = address.IdnHost == url.IdnHost ? client : elsewhere;
            using HttpResponseMessage response = await sender.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode))
            {
                return await ReadAsync(response, address, validators, cancellationToken).ConfigureAwait(false);
            }

            if (redirects == FeedLimits.RedirectsMax)
            {
                return Failed($"it is redirected more than {FeedLimits.RedirectsMax} times");
            }

            address = Redirect(address, response.Headers.Location);
        }
    }

    private static Uri Redirect(Uri from, Uri? location)
    {
        if (location is null || !Uri.TryCreate(from, location, out Uri? to) || !WebLink.IsWeb(to))
        {
            throw new FeedException("it is redirected to what is not an http or https address");
        }

        return from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps
            ? throw new FeedException("it is redirected from https to http")
            : to;
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static HttpRequestMessage CreateRequest(Uri address, FeedValidators validators)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.TryAddWithoutValidation("Accept", "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        if (validators.ETag is { } tag)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        if (validators.LastModified is { } date)
        {
            request.Headers.TryAddWithoutValidation("If-Modified-Since", date);
        }

        return request;
    }

    private async Task<FetchResult> ReadAsync(HttpResponseMessage response, Uri origin, FeedValidators validators, CancellationToken cancellationToken)
    {
        TimeSpan? retryAfter = RetryAfterOf(response);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotModified:
                return new FetchResult(FetchKind.Unchanged) { Validators = validators, MaxAge = response.Headers.CacheControl?.MaxAge };
            case HttpStatusCode.Gone:
                return new FetchResult(FetchKind.Gone) { Reason = "it is gone (410)" };
            case HttpStatusCode.OK:
                byte[] document = await UnpackAsync(response, cancellationToken).ConfigureAwait(false);
                return new FetchResult(FetchKind.Changed)
                {
                    Document = document,
                    Origin = origin,
                    Validators = ValidatorsOf(response),
                    MaxAge = response.Headers.CacheControl?.MaxAge,
                };
            default:
                return Failed($"its server answered {(int)response.StatusCode}") with { RetryAfter = retryAfter };
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static FeedValidators ValidatorsOf(HttpResponseMessage response)
    {
        string? tag = response.Headers.ETag?.ToString();
        string? date = response.Content.Headers.TryGetValues("Last-Modified", out IEnumerable<string>? dates) ? dates.First() : null;
        return new FeedValidators(Keep(tag), Keep(date));
    }

    // It is kept, and sent back as it came.
    private static string? Keep(string? header) =>
        header?.Length <= FeedLimits.ETagCharactersMax && header.All(letter => letter is >= ' ' and <= '~') ? header : null;

    // Packed and unpacked have the same bound: a stream that unpacks to nothing must end, too.
    private async Task<byte[]> UnpackAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > bytesMax)
        {
            throw new FeedException($"it is larger than {bytesMax} bytes");
        }

        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] packed = await BoundedReading.ReadAsync(stream, bytesMax, cancellationToken).ConfigureAwait(false);
        string[] encodings = [.. response.Content.Headers.ContentEncoding];
        if (encodings is [] or ["identity"])
        {
            return packed;
        }

        var input = new MemoryStream(packed, writable: false);
        await using Stream unpacking = encodings switch
        {
            ["gzip" or "x-gzip"] => new GZipStream(input, CompressionMode.Decompress),
            ["br"] => new BrotliStream(input, CompressionMode.Decompress),
            _ => throw new FeedException("it is packed in a way that was not asked for"),
        };
        return await BoundedReading.ReadAsync(unpacking, bytesMax, cancellationToken).ConfigureAwait(false);
    }
}
