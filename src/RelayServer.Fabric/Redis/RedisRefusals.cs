using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>Errors that Redis answers with: logged, but not in a flood, and told apart by whether they pass.</summary>
internal sealed class RedisRefusals(ILogger logger)
{
    private const long LogPeriodMilliseconds = 5000;

    // Answers of a server that is starting, full or busy.
    private static readonly string[] Passing = ["LOADING", "BUSY", "MASTERDOWN", "OOM", "MISCONF", "NOREPLICAS", "TRYAGAIN"];

    private long _loggedAt = -LogPeriodMilliseconds;

    public FabricException Explain(string endpoint, string command, RedisServerException e)
    {
        long now = Environment.TickCount64;
        long before = Interlocked.Read(ref _loggedAt);
        if (now - before >= LogPeriodMilliseconds && Interlocked.CompareExchange(ref _loggedAt, now, before) == before)
        {
            RedisLog.Refused(logger, endpoint, command, e.Message);
        }

        string message = $"Redis at {endpoint} refused {command}: {e.Message}";
        return Passing.Any(start => e.Message.StartsWith(start, StringComparison.Ordinal))
            ? new FabricUnavailableException(message, e)
            : new FabricException(message, e);
    }
}
