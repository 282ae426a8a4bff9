using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Client.Services;

namespace RelayServer.Adapters;

/// <summary>
/// Keeps a service registered: also when the relay is not there at the start, or refuses it and an operator has to help. Updates wait until it is.
/// </summary>
internal sealed class ServiceLink(
    ServiceStart start, Func<ServiceStart, CancellationToken, Task<IServiceConnection>> connect, Func<double> random, TimeProvider time, ILogger logger)
    : IServiceUpdates
{
    private static readonly TimeSpan BackOffMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private TaskCompletionSource<IServiceConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isAway;

    /// <inheritdoc/>
    public ulong ProducerId => start.ProducerId;

    /// <summary>True while it is registered.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return _connected.Task.IsCompletedSuccessfully && !_isAway;
            }
        }
    }

    /// <inheritdoc/>
    public async Task UpdateAsync(string target, ServiceCard card, IReadOnlyList<string> subjects, ulong number, CancellationToken cancellationToken)
    {
        Task<IServiceConnection> connected;
        lock (_gate)
        {
            connected = _connected.Task;
        }

        IServiceConnection connection = await connected.WaitAsync(cancellationToken).ConfigureAwait(false);
        await connection.UpdateAsync(target, card, subjects, number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects, and again when the connection has ended, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int failures = 0; ; failures++)
        {
            Exception problem;
            try
            {
                await using IServiceConnection connection = await connect(start, cancellationToken).ConfigureAwait(false);
                SubscriptionsLog.LinkMade(logger, start.Definition.Name);
                failures = 0;
                problem = await UseAsync(connection, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                problem = failure;
            }

            cancellationToken.ThrowIfCancellationRequested();
            double seconds = Math.Min(BackOffMin.TotalSeconds * Math.Pow(2, Math.Min(failures, 10)), BackOffMax.TotalSeconds) * (0.5 + (random() / 2));
            SubscriptionsLog.LinkFailed(logger, start.Definition.Name, (long)Math.Ceiling(seconds), problem.Message);
            await Task.Delay(TimeSpan.FromSeconds(seconds), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Exception> UseAsync(IServiceConnection connection, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isAway = false;
            _connected.TrySetResult(connection);
        }

        connection.RelayChanged += NoteRelay;
        try
        {
            await connection.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new InvalidOperationException("the connection has ended");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure;
        }
        finally
        {
            connection.RelayChanged -= NoteRelay;
            lock (_gate)
            {
                _connected = new TaskCompletionSource<IServiceConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    // Each attempt to come back ends with a reason of its own; the first is the news.
    private void NoteRelay(string? awayReason)
    {
        lock (_gate)
        {
            if (_isAway == awayReason is not null)
            {
                return;
            }

            _isAway = awayReason is not null;
        }

        if (awayReason is null)
        {
            SubscriptionsLog.RelayBack(logger, start.Definition.Name);
        }
        else
        {
            SubscriptionsLog.RelayAway(logger, start.Definition.Name, awayReason);
        }
    }
}
