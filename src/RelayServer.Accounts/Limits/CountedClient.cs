using RelayServer.Accounts.Secrets;
using RelayServer.Guards;

namespace RelayServer.Accounts.Limits;

/// <summary>Whom a request is counted for: keyed hashes of what <see cref="ClientAddress"/> says.</summary>
internal sealed record CountedClient
{
    /// <summary>How many times as much as one network a site may do that has 65,536 of them.</summary>
    public const int SiteFactor = 16;

    private const string Kind = "address";

    private readonly string _client;
    private readonly string? _site;

    public CountedClient(ClientAddress address, AuthSecret secret)
    {
        _client = secret.HashOf(Kind, address.Client);
        _site = address.Site is { } site ? secret.HashOf(Kind, site) : null;
    }

    /// <summary>At most so many for the client, and so many times more for its site.</summary>
    public IReadOnlyList<AttemptLimit> Limit(string kind, int countMax, TimeSpan period)
    {
        var own = new AttemptLimit(kind, _client, countMax, period);
        return _site is { } site ? [own, new AttemptLimit(kind, site, countMax * SiteFactor, period)] : [own];
    }
}
