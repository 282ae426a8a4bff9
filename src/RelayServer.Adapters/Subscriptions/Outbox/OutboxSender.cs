using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions.Outbox;

/// <summary>
/// Sends what waits in the outbox, in order, each until the relay has it. Of several processes with one store one sends at a time; should two
/// for a moment, both send the same numbers, which the relay knows for the same updates.
/// </summary>
internal sealed class OutboxSender(
    string service, string owner, OutboxStore outbox, TallyStore tallies, IServiceUpdates updates, SubscriptionsMetrics metrics, Func<double> random, TimeProvider time, ILogger logger)
{
    /// <summary>Updates that are read from the store at a time.</summary>
    internal const int BatchMax = 64;

    /// <summary>How long a process that has died keeps the others from sending.</summary>
    internal static readonly TimeSpan LeaseTerm = TimeSpan.FromSeconds(10);

    /// <summary>How often it looks whether another process has added something: one question to the store.</summary>
    internal static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BackOffMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(30);

    private readonly Doorbell _bell = new(time);
    private int _failures;

    /// <summary>Says that there is something to send.</summary>
    public void Wake() => _bell.Ring();

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                TimeSpan wait = await StepAsync(cancellationToken).ConfigureAwait(false);
                if (wait > TimeSpan.Zero)
                {
                    await PauseAsync(wait, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends a batch; how long to wait then.</summary>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Who has nothing to send writes nothing.
            if (!await outbox.HasWorkAsync(cancellationToken).ConfigureAwait(false)
                || !await outbox.TryLeaseAsync(owner, LeaseTerm, cancellationToken).ConfigureAwait(false))
            {
                return IdleWait;
            }

            long leased = time.GetTimestamp();
            await tallies.QueueAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<OutboxEntry> batch = await outbox.ReadAsync(BatchMax, cancellationToken).ConfigureAwait(false);
            bool all = await SendAsync(batch, leased, cancellationToken).ConfigureAwait(false);
            return all ? TimeSpan.Zero : BackOff();
        }
        catch (DatabaseException problem)
        {
            SubscriptionsLog.StoreFailed(logger, service, problem.Message);
            return BackOff();
        }
    }

    // False when something is to be sent again later.
    private async Task<bool> SendAsync(IReadOnlyList<OutboxEntry> batch, long leased, CancellationToken cancellationToken)
    {
        List<ulong> done = [];
        metrics.Waits(service, batch.Count);
        try
        {
            foreach (OutboxEntry entry in batch)
            {
                if (time.GetElapsedTime(leased) > RenewAfter)
                {
                    // What is left comes with the next lease.
                    return true;
                }

                if (!await TrySendAsync(entry, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                done.Add(entry.Number);
            }

            return true;
        }
        finally
        {
            metrics.Waits(service, -batch.Count);
            if (done.Count > 0)
            {
                // Also when cancelled: what the relay has need not be sent again. It could be: the relay knows the numbers.
                await outbox.RemoveAsync(done, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TrySendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await updates.UpdateAsync(entry.Target, entry.Card, entry.Subjects, entry.Number, cancellationToken).ConfigureAwait(false);
            Settle("sent");
            return true;
        }
        catch (UpdateRefusedException problem)
        {
            SubscriptionsLog.SendRefused(logger, service, entry.Number, problem.Message);
            await outbox.RefuseAsync(entry.Number, problem.Message, cancellationToken).ConfigureAwait(false);
            Settle("refused");
            return true;
        }
        catch (Exception problem) when (problem is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            SubscriptionsLog.SendFailed(logger, service, problem.Message);
            metrics.Sent(service, "failed");
            return false;
        }
    }

    private void Settle(string outcome)
    {
        _failures = 0;
        metrics.Sent(service, outcome);
    }

    private TimeSpan BackOff()
    {
        double seconds = Math.Min(BackOffMin.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 10)), BackOffMax.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (random() / 2)));
    }

    // Somebody who has something to send does not cut a back-off short: the relay needs it.
    private Task PauseAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        _failures > 0 ? Task.Delay(wait, time, cancellationToken) : _bell.WaitAsync(wait, cancellationToken);

    private async Task ReleaseAsync()
    {
        try
        {
            await outbox.ReleaseAsync(owner, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DatabaseException problem)
        {
            SubscriptionsLog.StoreFailed(logger, service, problem.Message);
        }
    }
}
