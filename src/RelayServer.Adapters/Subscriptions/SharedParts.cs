using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>What all services of a process use together.</summary>
internal sealed class SharedParts : IDisposable
{
    private readonly HttpMessageInvoker _publicClient;
    private readonly HttpMessageInvoker _anyClient;

    public SharedParts(
        Database database, Func<ServiceStart, CancellationToken, Task<IServiceConnection>> connect,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<double> random, TimeProvider time, ILoggerFactory loggers)
    {
        Database = database;
        Connect = connect;
        Random = random;
        Time = time;
        Loggers = loggers;
        _publicClient = HttpFeedSource.CreateClient(new FeedConnector(resolve, AddressRules.IsPublic));
        _anyClient = HttpFeedSource.CreateClient(new FeedConnector(resolve, _ => true));
    }

    /// <summary>Names this process in leases.</summary>
    public string Owner { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    public Database Database { get; }

    public Func<ServiceStart, CancellationToken, Task<IServiceConnection>> Connect { get; }

    public Func<double> Random { get; }

    public TimeProvider Time { get; }

    public ILoggerFactory Loggers { get; }

    public HostTurns Turns { get; } = new();

    public SubscriptionsMetrics Metrics { get; } = new();

    /// <summary>Reads a feed. What may go anywhere shares no connection with what may not.</summary>
    public HttpFeedSource SourceOf(Uri url, SubscriptionsOptions options) => new(
        url, options.AllowPrivateAddresses ? _anyClient : _publicClient, _publicClient, options.FeedBytesMax, TimeSpan.FromSeconds(options.FetchTimeoutSeconds), Time);

    public void Dispose()
    {
        _publicClient.Dispose();
        _anyClient.Dispose();
        Turns.Dispose();
        Metrics.Dispose();
    }
}
