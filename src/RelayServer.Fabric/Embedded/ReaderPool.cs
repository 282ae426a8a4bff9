using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace RelayServer.Fabric;

/// <summary>A bounded number of reading connections, opened when first needed.</summary>
internal sealed class ReaderPool(StoreFile file, int readersMax) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(readersMax);
    private readonly ConcurrentStack<LogReader> _readers = new();

    /// <summary>Reads on a thread of the pool, when a connection is free.</summary>
    public async Task<T> ReadAsync<T>(Func<LogReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), CancellationToken.None);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads that run, then closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        for (int i = 0; i < readersMax; i++)
        {
            await _free.WaitAsync();
        }

        while (_readers.TryPop(out LogReader? reader))
        {
            reader.Dispose();
        }
    }

    private T Read<T>(Func<LogReader, T> read)
    {
        LogReader? reader = null;
        try
        {
            if (!_readers.TryPop(out reader))
            {
                reader = new(file.OpenReader());
            }

            T result = read(reader);
            _readers.Push(reader);
            return result;
        }
        catch (Exception e)
        {
            reader?.Dispose();
            if (e is SqliteException error)
            {
                throw file.Explain(error);
            }

            throw;
        }
    }
}
