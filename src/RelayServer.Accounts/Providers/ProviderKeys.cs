using RelayServer.Identity;

namespace RelayServer.Accounts.Providers;

/// <summary>
/// The keys of one provider. Read when first needed, again after an hour, and when a token names a key that is not known, though not more
/// often than twice a minute. What was read last holds while the provider cannot be reached, for a day.
/// </summary>
internal sealed class ProviderKeys(AuthProviderOptions options, DocumentFetcher fetcher, TimeProvider time, Action<string> report)
{
    private const string DiscoveryPath = "/.well-known/openid-configuration";
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _asking = new();
    private volatile KeyReading? _last;
    private Task _reading = Task.CompletedTask;
    private long? _askedAt;

    /// <summary>The key of this id; null when the provider has none, or cannot be asked.</summary>
    public async Task<ProviderKey?> FindAsync(string id)
    {
        ProviderKey? known = Known(id);
        if (known is not null && _last is { } last && time.GetElapsedTime(last.At) < FreshFor)
        {
            return known;
        }

        Task reading;
        lock (_asking)
        {
            if (_reading.IsCompleted && (_askedAt is not { } askedAt || time.GetElapsedTime(askedAt) >= AgainAfter))
            {
                _askedAt = time.GetTimestamp();
                _reading = Task.Run(() => ReadAsync());
            }

            reading = _reading;
        }

        await reading;
        return Known(id);
    }

    private ProviderKey? Known(string id) =>
        _last is { } last && time.GetElapsedTime(last.At) < GoodFor ? last.Keys.GetValueOrDefault(id) : null;

    private async Task ReadAsync()
    {
        try
        {
            var discovery = new Uri(options.Issuer.TrimEnd('/') + DiscoveryPath);
            FetchedDocument document = await fetcher.FetchAsync(discovery, null, CancellationToken.None);
            Uri address = ProviderKeyDocument.ReadDiscovery(document.Content, options.Issuer);
            if (DocumentFetcher.FindProblem(address, options.AllowLoopbackHttp) is { } problem)
            {
                throw new FormatException($"its jwks_uri {problem}");
            }

            document = await fetcher.FetchAsync(address, null, CancellationToken.None);
            _last = new KeyReading(
                ProviderKeyDocument.ReadKeys(document.Content).ToDictionary(key => key.Id, StringComparer.Ordinal), time.GetTimestamp());
        }
        catch (Exception problem) when (problem is HttpRequestException or FormatException)
        {
            report(problem.Message);
        }
    }

    private sealed record KeyReading(Dictionary<string, ProviderKey> Keys, long At);
}
