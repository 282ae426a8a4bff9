using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RelayServer.Identity;
using RelayServer.Options;

namespace RelayServer.Hosting;

/// <summary>Keys that are read from an address while the process runs.</summary>
internal sealed class KeySetPart : IRelayPart
{
    private readonly ConcurrentDictionary<Uri, string> _failing = new();
    private readonly ILogger _logger;
    private bool _started;

    public KeySetPart(TokenKeySetOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger<KeySetPart>();
        Name = $"keys of {options.Issuer}";
        Keys = new RemoteKeySet(
            new RemoteKeySetOptions
            {
                Issuer = options.Issuer,
                Address = options.Url!,
                RevocationsAddress = options.RevocationsUrl,
                KeysInterval = TimeSpan.FromSeconds(options.RefreshSeconds),
                RevocationsInterval = TimeSpan.FromSeconds(options.RevocationsSeconds),
            },
            time,
            Report);
    }

    public string Name { get; }

    /// <summary>The keys.</summary>
    public RemoteKeySet Keys { get; }

    public string? NotReadyReason => _started ? Keys.NotReadyReason : "not started";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Keys.StartAsync(cancellationToken);
        _started = true;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _started = false;
        await Keys.DisposeAsync();
    }

    // A line when it begins and one when it ends, not one for each try.
    private void Report(Uri address, string? problem)
    {
        if (problem is not null)
        {
            if (_failing.TryAdd(address, problem))
            {
                HostLog.KeySetUnreadable(_logger, address, problem);
            }
        }
        else if (_failing.TryRemove(address, out _))
        {
            HostLog.KeySetReadable(_logger, address);
        }
    }
}
