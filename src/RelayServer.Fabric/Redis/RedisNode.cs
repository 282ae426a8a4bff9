using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>One named node: keeps a link to it, and asks it every second what it is.</summary>
/// <param name="endpoint">Where it is.</param>
/// <param name="options">How to connect.</param>
/// <param name="changed">Called when its state may be another one; must return quickly.</param>
internal sealed class RedisNode(RedisEndpoint endpoint, RedisFabricOptions options, Action changed)
{
    private static readonly TimeSpan AskPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(100);

    private readonly ConfigurationOptions _configuration = RedisConfiguration.Create(options, endpoint);
    private readonly string _endpoint = endpoint.ToString();
    private readonly RedisWake _wake = new();
    private volatile RedisLink? _link;
    private volatile string? _failure;
    private volatile bool _isHurried;

    /// <summary>What is known of it, and the link to it; null while it cannot be reached.</summary>
    public (RedisNodeState State, RedisLink? Link) Look()
    {
        RedisLink? link = _link;
        string? failure = link is null ? _failure : link.Failure;
        return link is not null && failure is null
            ? (new(_endpoint, link.Role, link.ClaimEpoch, null), link)
            : (new(_endpoint, failure is null ? RedisRole.Unknown : RedisRole.Unreachable, 0, failure), null);
    }

    /// <summary>While there is no primary each node is asked as often as it is tried to connect: it may become it.</summary>
    public void Hurry(bool isHurried)
    {
        if (isHurried && !_isHurried)
        {
            _wake.Set();
        }

        _isHurried = isHurried;
    }

    /// <summary>Keeps a link until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await LinkAsync(cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever the library threw, the node is tried again.
                _link = null;
                _failure = RedisFailure.Describe(e, options.ConnectTimeoutMilliseconds);
                changed();
            }

            await Task.Delay(RetryPeriod, cancellationToken);
        }
    }

    private async Task LinkAsync(CancellationToken cancellationToken)
    {
        RedisLink link = await RedisLink.OpenAsync(_configuration, endpoint, options, _wake.Set, cancellationToken);
        try
        {
            _link = link;
            await KeepAsync(link, cancellationToken);
            changed();
        }
        finally
        {
            await link.CloseAsync();
        }
    }

    private async Task KeepAsync(RedisLink link, CancellationToken cancellationToken)
    {
        while (!link.IsLost)
        {
            changed();
            await _wake.WaitAsync(_isHurried ? RetryPeriod : AskPeriod, cancellationToken);
            if (!link.IsLost)
            {
                await link.AskAsync(cancellationToken);
            }
        }
    }
}
