namespace RelayServer.Client;

/// <summary>Which edge to try next: all in turn, from a random or the first one, in an order shuffled once per client.</summary>
internal sealed class EndpointRotation
{
    private readonly RelayEndpoint[] _endpoints;
    private int _next;

    public EndpointRotation(IReadOnlyList<RelayEndpoint> endpoints, bool shuffle, Random? random = null)
    {
        _endpoints = [.. endpoints];
        if (shuffle)
        {
            (random ?? Random.Shared).Shuffle(_endpoints);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _endpoints.Length;

    /// <summary>The next one.</summary>
    public RelayEndpoint Next()
    {
        RelayEndpoint endpoint = _endpoints[_next];
        _next = (_next + 1) % _endpoints.Length;
        return endpoint;
    }
}
