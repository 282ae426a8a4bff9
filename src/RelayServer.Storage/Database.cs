using System.Data.Common;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace RelayServer.Storage;

/// <summary>
/// A relational database: SQLite or PostgreSQL, the same to its users. Every transaction that writes has its effect as if
/// no other ran meanwhile. Safe for any number of threads.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(50);

    private readonly IDatabaseBackend _backend;
    private readonly int _timeoutSeconds;
    private readonly TimeSpan _patience;
    private readonly SemaphoreSlim _readers;
    private readonly SemaphoreSlim _writers;
    private readonly ILogger _logger;

    private Database(IDatabaseBackend backend, DatabaseOptions options, ILogger logger)
    {
        _backend = backend;
        _patience = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds);
        _timeoutSeconds = (options.TimeoutMilliseconds + 999) / 1000;
        _readers = new SemaphoreSlim(options.ConnectionsMax);

        // SQLite has one writer; to wait here costs no thread, to wait in SQLite does.
        _writers = backend.Engine == DatabaseEngine.Sqlite ? new SemaphoreSlim(1) : _readers;
        _logger = logger;
    }

    /// <summary>What it is.</summary>
    public DatabaseEngine Engine => _backend.Engine;

    /// <summary>Opens a database and brings its tables to the version of this program; several instances may do so at once.</summary>
    /// <exception cref="DatabaseException">
    /// <see cref="DatabaseFailure.Options"/>, <see cref="DatabaseFailure.Unavailable"/>, or <see cref="DatabaseFailure.Schema"/>: the
    /// tables are newer than this program knows.
    /// </exception>
    public static async Task<Database> OpenAsync(
        DatabaseOptions options, MigrationSet migrations, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(migrations);
        ArgumentNullException.ThrowIfNull(time);
        Database? database = null;
        try
        {
            database = new Database(await OpenBackendAsync(options, cancellationToken), options, loggers.CreateLogger<Database>());
            await database.MigrateAsync(migrations, time, cancellationToken);
            return database;
        }
        catch
        {
            if (database is not null)
            {
                await database.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Runs a transaction that only reads; it sees one state of the database.</summary>
    /// <exception cref="DatabaseException">It could not be done.</exception>
    public Task<T> ReadAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return MeasureAsync(isWrite: false, () => GuardAsync(_readers, () => RunReadAsync(work, cancellationToken), cancellationToken));
    }

    /// <summary>
    /// Runs a transaction and commits it when the work returns. The work may be run several times, when other instances
    /// come between, so it does nothing but ask the session.
    /// </summary>
    /// <exception cref="DatabaseException">It could not be done.</exception>
    public Task<T> WriteAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return MeasureAsync(
            isWrite: true, () => GuardAsync(_writers, () => RunWriteAsync(session => work(session), cancellationToken), cancellationToken));
    }

    /// <summary>The same, for work that has no result.</summary>
    /// <exception cref="DatabaseException">It could not be done.</exception>
    public Task WriteAsync(Func<DatabaseSession, Task> work, CancellationToken cancellationToken) => WriteAsync(
        async session =>
        {
            await work(session);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private static async Task<IDatabaseBackend> OpenBackendAsync(DatabaseOptions options, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(options.Connection))
        {
            return PostgreSqlBackend.Create(options);
        }

        if (string.IsNullOrWhiteSpace(options.File))
        {
            throw new DatabaseException(DatabaseFailure.Options, "neither File (SQLite) nor Connection (PostgreSQL) is set");
        }

        try
        {
            return await SqliteBackend.OpenAsync(options.File, (options.TimeoutMilliseconds + 999) / 1000, cancellationToken);
        }
        catch (Microsoft.Data.Sqlite.SqliteException problem)
        {
            throw new DatabaseException(DatabaseFailure.Unavailable, $"the database {options.File} cannot be opened: {problem.Message}", problem);
        }
    }

    private Task<bool> MigrateAsync(MigrationSet migrations, TimeProvider time, CancellationToken cancellationToken) => GuardAsync(
        _writers,
        () => RunWriteAsync(
            async session =>
            {
                await new SchemaUpgrade(migrations, Engine, time, _logger).RunAsync(session);
                return true;
            },
            cancellationToken,
            locksSchema: true),
        cancellationToken);

    private async Task<T> RunReadAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await _backend.OpenReaderAsync(cancellationToken);
        await using DbTransaction transaction = await _backend.BeginReadAsync(connection, cancellationToken);
        return await work(new DatabaseSession(transaction, _timeoutSeconds, cancellationToken));
    }

    private async Task<T> RunWriteAsync<T>(Func<DatabaseSession, Task<T>> work, CancellationToken cancellationToken, bool locksSchema = false)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await TryWriteAsync(work, locksSchema, cancellationToken);
            }
            catch (Exception problem) when (_backend.IsConflict(problem) && Stopwatch.GetElapsedTime(start) < _patience)
            {
                StorageMetrics.AddRetry(Engine);
            }

            // At random, so that those who met once do not meet again and again.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * PauseMax.TotalMilliseconds), cancellationToken);
        }
    }

    private async Task<T> TryWriteAsync<T>(Func<DatabaseSession, Task<T>> work, bool locksSchema, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await _backend.OpenWriterAsync(cancellationToken);
        await using DbTransaction transaction = locksSchema
            ? await _backend.BeginSchemaAsync(connection, cancellationToken)
            : await _backend.BeginWriteAsync(connection, cancellationToken);
        var session = new DatabaseSession(transaction, _timeoutSeconds, cancellationToken);
        T result = await work(session);
        if (session.Failure is { } failure)
        {
            // The work caught it; what was written before it must not be committed nevertheless.
            ExceptionDispatchInfo.Throw(failure);
        }

        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private async Task<T> GuardAsync<T>(SemaphoreSlim gate, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        if (!await gate.WaitAsync(_patience, cancellationToken))
        {
            throw new DatabaseException(DatabaseFailure.Unavailable, "the database is busy: no connection was free in time");
        }

        try
        {
            return await run();
        }
        catch (Exception problem) when (_backend.Classify(problem) is { } failure)
        {
            StorageLog.Failed(_logger, Engine, failure, problem.GetType().Name);
            throw new DatabaseException(failure, Describe(failure), problem);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<T> MeasureAsync<T>(bool isWrite, Func<Task<T>> run)
    {
        long start = Stopwatch.GetTimestamp();
        string outcome = "error";
        try
        {
            T result = await run();
            outcome = "ok";
            return result;
        }
        catch (OperationCanceledException)
        {
            outcome = "canceled";
            throw;
        }
        finally
        {
            StorageMetrics.AddTransaction(Engine, isWrite, outcome, Stopwatch.GetElapsedTime(start));
        }
    }

    private static string Describe(DatabaseFailure failure) => failure switch
    {
        DatabaseFailure.Duplicate => "a row with this key is there already",
        DatabaseFailure.Unavailable => "the database cannot be reached or is busy",
        DatabaseFailure.Options => "the database refuses this user, password or database name",
        _ => "the database refuses a statement",
    };
}
