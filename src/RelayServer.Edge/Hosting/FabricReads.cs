using RelayServer.Edge.Rooms;
using RelayServer.Fabric;

namespace RelayServer.Edge.Hosting;

/// <summary>What an edge reads from the fabric: logs and the slot table. Answers go to the loop's inbox.</summary>
internal sealed class FabricReads(IFabric fabric, TimeProvider time, Action<EdgeEvent> post, CancellationToken stopped)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);
    private int _slotReads;

    public void ReadLog(LogRead read)
    {
        _ = Read();

        async Task Read()
        {
            LogPage? page = null;
            try
            {
                page = read.Kind == LogReadKind.Tail
                    ? await fabric.ReadTailAsync(read.Log, (int)read.Seq, CatchUp.TailBytesMax, stopped)
                    : await fabric.ReadFromAsync(read.Log, read.Epoch, read.Seq, CatchUp.StepBytes, stopped);
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // The connection's own state is logged where it changes; here it would be a line for every member and attempt.
                await Task.Delay(RetryInterval, time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            post(new EdgeEvent(EdgeEventKind.LogRead) { Read = read, Page = page });
        }
    }

    public void ReadSlots()
    {
        if (Interlocked.Increment(ref _slotReads) > 1)
        {
            // One read is under way and may be too old for this notice: another follows it.
            return;
        }

        _ = Read();

        async Task Read()
        {
            try
            {
                int reads;
                do
                {
                    reads = Volatile.Read(ref _slotReads);
                    post(new EdgeEvent(EdgeEventKind.Slots) { Slots = await fabric.ReadSlotsAsync(stopped) });
                }
                while (Interlocked.CompareExchange(ref _slotReads, 0, reads) != reads);
            }
            catch (Exception) when (!stopped.IsCancellationRequested)
            {
                // The next tick asks again; the connection's own state is logged where it changes.
                Volatile.Write(ref _slotReads, 0);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
