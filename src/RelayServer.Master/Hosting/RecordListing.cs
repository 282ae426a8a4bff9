using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RelayServer.Fabric;

namespace RelayServer.Master.Hosting;

/// <summary>
/// Reads all that is saved after each claim, page by page and in the background: rooms that were created can be listed then, services
/// and subscriptions are known. Until it is through, the list of rooms is not complete, and services wait.
/// </summary>
/// <param name="fabric">Where the records are.</param>
/// <param name="time">For waiting.</param>
/// <param name="inbox">The master's; a page is asked for when it has taken the one before.</param>
/// <param name="logger">For a listing that fails.</param>
internal sealed class RecordListing(IFabric fabric, TimeProvider time, ChannelWriter<MasterEvent> inbox, ILogger logger) : IAsyncDisposable
{
    private const int PageRecords = FabricLimits.ListRecordsMax;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FailureInterval = TimeSpan.FromMinutes(1);

    private CancellationTokenSource _ends = new();
    private Task _run = Task.CompletedTask;

    /// <summary>Begins anew, for the slots that were claimed at this epoch. Not for several threads.</summary>
    public void Restart(ulong epoch)
    {
        _ends.Cancel();
        _ends.Dispose();
        _ends = new CancellationTokenSource();
        _run = Task.WhenAll(_run, RunAsync(epoch, _ends.Token));
    }

    /// <summary>Ends it, wherever it is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
    }

    private async Task RunAsync(ulong epoch, CancellationToken cancellationToken)
    {
        ulong cursor = 0;
        bool isDone = false;
        while (!isDone)
        {
            try
            {
                RecordList page = await fabric.ListRecordsAsync(cursor, PageRecords, cancellationToken);
                await TellAsync(epoch, StoredRecords.Read(page), cancellationToken);
                cursor = page.Next;
                isDone = cursor == 0;
            }
            catch (FabricUnavailableException)
            {
                // Whoever needs the fabric more says so; the listing goes on where it was.
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                MasterLog.ListingFailed(logger, exception);
                await Task.Delay(FailureInterval, time, cancellationToken);
            }
        }
    }

    private Task<bool> TellAsync(ulong epoch, StoredRecords records, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.TryWrite(MasterEvent.Listed(epoch, records, answer));
        return answer.Task.WaitAsync(cancellationToken);
    }
}
