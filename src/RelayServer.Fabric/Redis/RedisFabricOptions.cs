namespace RelayServer.Fabric;

/// <summary>Options of the Redis fabric. Redis 6.2 or later.</summary>
public sealed class RedisFabricOptions
{
    /// <summary>
    /// <c>host:port</c>, or several separated by commas: the nodes of one deployment, a primary and its replicas, in any
    /// order. The one that is the primary is used, and another one when that becomes it. Default <c>127.0.0.1:6379</c>.
    /// </summary>
    public string Endpoints { get; set; } = "127.0.0.1:6379";

    /// <summary>Start of every key and channel; installations that share a Redis need different ones. Default <c>relay:</c>.</summary>
    public string Prefix { get; set; } = "relay:";

    /// <summary>
    /// The ACL user. Null, the default, and <c>default</c> are what this version can sign in as: give Redis's default
    /// user the rights in <c>protocol/redis.acl</c> and no more.
    /// </summary>
    public string? User { get; set; }

    /// <summary>The user's password; null, the default, sends none.</summary>
    public string? Password { get; set; }

    /// <summary>TLS 1.2 or 1.3. Default false. Without it passwords and chat cross the network readable.</summary>
    public bool Tls { get; set; }

    /// <summary>Name that the server's certificate must have; null, the default, takes the endpoint's host.</summary>
    public string? TlsHost { get; set; }

    /// <summary>PEM file of the authority that signed the server's certificate; null, the default, takes the system's.</summary>
    public string? TlsAuthorityFile { get; set; }

    /// <summary>Waiting for a connection, in milliseconds. Default 2,000.</summary>
    public int ConnectTimeoutMilliseconds { get; set; } = 2000;

    /// <summary>Waiting for the answer to a command, in milliseconds; then Redis counts as not reachable. Default 2,000.</summary>
    public int CommandTimeoutMilliseconds { get; set; } = 2000;

    /// <summary>Commands that wait for their answers, in bytes; more are refused as when Redis is away. Default 64 MiB.</summary>
    public long PendingBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// What waits for one subscriber, in bytes; one that is further behind loses messages, counted and logged.
    /// Default 64 MiB.
    /// </summary>
    public long SubscriberQueueBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Throws <see cref="FabricException"/> naming the first option that makes no sense.</summary>
    public void Validate()
    {
        ParseEndpoints();
        Require(!string.IsNullOrEmpty(Prefix) && Prefix.Length <= 64, nameof(Prefix), "must have 1 to 64 characters");
        Require(Prefix.AsSpan().IndexOfAnyInRange('\0', ' ') < 0, nameof(Prefix), "must not contain blanks or control characters");
        Require(
            User is null or "" or "default",
            nameof(User),
            "must be empty or 'default': StackExchange.Redis 1.2.6 can only sign in as Redis's default user, so limit that one (protocol/redis.acl)");
        Require(ConnectTimeoutMilliseconds is >= 100 and <= 60_000, nameof(ConnectTimeoutMilliseconds), "must be 100 to 60000");
        Require(CommandTimeoutMilliseconds is >= 100 and <= 60_000, nameof(CommandTimeoutMilliseconds), "must be 100 to 60000");
        Require(PendingBytesMax >= 2 * FabricLimits.FlushBytesMax, nameof(PendingBytesMax), "must hold two flushes (32 MiB)");
        Require(SubscriberQueueBytesMax >= FabricLimits.FlushBytesMax, nameof(SubscriberQueueBytesMax), "must hold one flush (16 MiB)");
        Require(TlsAuthorityFile is null || Tls, nameof(TlsAuthorityFile), "needs Tls");
    }

    internal IReadOnlyList<RedisEndpoint> ParseEndpoints()
    {
        var endpoints = new List<RedisEndpoint>();
        foreach (string text in (Endpoints ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            Require(
                RedisEndpoint.TryParse(text, out RedisEndpoint endpoint),
                nameof(Endpoints),
                $"must be host:port, or several separated by commas, not '{text}'");
            Require(!endpoints.Contains(endpoint), nameof(Endpoints), $"names {endpoint} twice");
            endpoints.Add(endpoint);
        }

        return endpoints;
    }

    private static void Require(bool condition, string option, string need)
    {
        if (!condition)
        {
            throw new FabricException($"Redis fabric: {option} {need}.");
        }
    }
}
