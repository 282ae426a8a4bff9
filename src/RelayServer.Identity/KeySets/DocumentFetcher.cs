using System.Net;
using System.Net.Http.Headers;

namespace RelayServer.Identity;

/// <summary>
/// Reads documents that decide whom to trust: over https, or from this machine; bounded in size and time, without redirects, cookies or
/// compression. Safe for any number of threads.
/// </summary>
public sealed class DocumentFetcher : IDisposable
{
    /// <summary>The largest document, in bytes.</summary>
    public const int DocumentBytesMax = 256 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = Timeout,

        // So that an address that moves is found again.
        PooledConnectionLifetime = ConnectionLifetime,
        MaxResponseHeadersLength = 16,
    })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = DocumentBytesMax,
    };

    /// <summary>What is wrong with an address to read from; null when nothing is.</summary>
    /// <param name="address">The address.</param>
    /// <param name="allowsLoopback">Plain http is allowed from this machine.</param>
    public static string? FindProblem(Uri address, bool allowsLoopback = true)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.UserInfo.Length > 0 || address.Fragment.Length > 0)
        {
            return "must be a whole address without user or fragment";
        }

        if (address.Scheme == Uri.UriSchemeHttps || (allowsLoopback && address.Scheme == Uri.UriSchemeHttp && IsLoopback(address)))
        {
            return null;
        }

        return allowsLoopback ? "must begin with https:// (http:// is for this machine only)" : "must begin with https://";
    }

    /// <summary>Reads a document.</summary>
    /// <param name="address">One that <see cref="FindProblem"/> has nothing against.</param>
    /// <param name="tag">The <c>ETag</c> of what is there already; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">It cannot be had: no answer in time, another status, or too large.</exception>
    public async Task<FetchedDocument> FetchAsync(Uri address, string? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (tag is not null && EntityTagHeaderValue.TryParse(tag, out EntityTagHeaderValue? known))
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, cancellationToken);
            if (tag is not null && answer.StatusCode == HttpStatusCode.NotModified)
            {
                return new FetchedDocument(false, default, tag);
            }

            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new HttpRequestException($"it answers with status {(int)answer.StatusCode}", null, answer.StatusCode);
            }

            return new FetchedDocument(true, await answer.Content.ReadAsByteArrayAsync(cancellationToken), answer.Headers.ETag?.ToString());
        }
        catch (TaskCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("it does not answer in time", late);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static bool IsLoopback(Uri address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
