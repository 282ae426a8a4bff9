using Microsoft.Extensions.Logging;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Master.Hosting;

/// <summary>
/// Goes through the logs of the store, slowly and again and again, for those that begin with messages older than the
/// retention: channels that nobody opens any more keep nothing longer than others. It does one thing at a time and waits
/// for everything that is more urgent.
/// </summary>
/// <param name="options">The pace.</param>
/// <param name="fabric">Where the logs are.</param>
/// <param name="time">For waiting.</param>
/// <param name="clock">What messages' ages are judged by.</param>
/// <param name="expireAsync">Has the master read a channel, which removes what is too old; false when it has no time for it now.</param>
/// <param name="logger">For a sweep that fails.</param>
internal sealed class LogSweep(
    MasterOptions options, IFabric fabric, TimeProvider time, SteadyClock clock, Func<string, CancellationToken, Task<bool>> expireAsync, ILogger logger)
{
    private static readonly TimeSpan StepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoundInterval = TimeSpan.FromMinutes(1);
    private readonly ulong _ageMilliseconds = (ulong)options.RetentionAge.TotalMilliseconds;
    private ulong _cursor;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (options.SweepLogsPerSecond > 0)
        {
            TimeSpan pause = StepInterval;
            try
            {
                await StepAsync(cancellationToken);
                pause = _cursor == 0 ? RoundInterval : StepInterval;
            }
            catch (FabricUnavailableException)
            {
                // Whoever needs the fabric more says so; the sweep goes on where it was.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                MasterLog.SweepFailed(logger, exception);
                pause = RoundInterval;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        LogList list = await fabric.ListLogsAsync(_cursor, options.SweepLogsPerSecond, cancellationToken);
        foreach (LogKey log in list.Logs)
        {
            while (await BeginsTooOldAsync(log, cancellationToken) && !await expireAsync(log.Channel, cancellationToken))
            {
                await Task.Delay(StepInterval, time, cancellationToken);
            }
        }

        _cursor = list.Next;
    }

    private async Task<bool> BeginsTooOldAsync(LogKey log, CancellationToken cancellationToken)
    {
        // One entry comes whatever its size, and with it whether there are more.
        LogPage page = await fabric.ReadFromAsync(log, 0, 0, 1, cancellationToken);
        return page.Entries.Count > 0 && IsTooOld(page.Entries[0], page.HasMore);
    }

    private bool IsTooOld(in LogEntry first, bool hasMore)
    {
        if (DeliverBody.TryDecode(first.Body.Span, out DeliverBody body) != DecodeStatus.Ok
            || body.AtMilliseconds + _ageMilliseconds >= clock.NowMilliseconds)
        {
            return false;
        }

        DeliverEnumerator messages = body.GetEnumerator();
        return hasMore || !messages.MoveNext() || messages.Current.Kind != MessageKind.Void;
    }
}
