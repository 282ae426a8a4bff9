using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RelayServer.Fabric;
using RelayServer.Master.Queries;
using RelayServer.Rooms;

namespace RelayServer.Master.Hosting;

/// <summary>
/// Reads what is saved of all rooms after each claim, page by page and in the background, so that those that were created
/// can be listed. Until it is through, the list is not complete.
/// </summary>
/// <param name="fabric">Where the records are.</param>
/// <param name="time">For waiting.</param>
/// <param name="inbox">The master's; a page is asked for when it has taken the one before.</param>
/// <param name="logger">For a listing that fails.</param>
internal sealed class RoomListing(IFabric fabric, TimeProvider time, ChannelWriter<MasterEvent> inbox, ILogger logger) : IAsyncDisposable
{
    private const int PageRooms = 64;
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
                RecordList page = await fabric.ListRecordsAsync(cursor, PageRooms, cancellationToken);
                await TellAsync(epoch, Read(page), cancellationToken);
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

    private Task TellAsync(ulong epoch, List<ListedRoom> rooms, CancellationToken cancellationToken)
    {
        if (rooms.Count == 0)
        {
            return Task.CompletedTask;
        }

        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.TryWrite(MasterEvent.Listed(epoch, rooms, answer));
        return answer.Task.WaitAsync(cancellationToken);
    }

    // A record that cannot be read is told of when its room is opened.
    private static List<ListedRoom> Read(RecordList page)
    {
        List<ListedRoom> rooms = [];
        foreach (FabricRecord record in page.Records)
        {
            if (RoomState.Decode(record.Body.Span) is { } room && ListedRoom.Of(record.Name, room) is { } listed)
            {
                rooms.Add(listed);
            }
        }

        return rooms;
    }
}
