using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace RelayServer.Storage;

/// <summary>SQLite: a file in write-ahead mode. There is one writer at a time, in order of arrival within a process.</summary>
internal sealed class SqliteBackend : IDatabaseBackend
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int DuplicatePrimaryKey = 1555;
    private const int DuplicateUnique = 2067;

    private readonly string _readerConnection;
    private readonly string _writerConnection;

    private SqliteBackend(string file, int timeoutSeconds)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = timeoutSeconds };
        _writerConnection = builder.ToString();

        // Another text, so that the driver's pool keeps readers apart; shared cache is off either way.
        builder.Cache = SqliteCacheMode.Private;
        _readerConnection = builder.ToString();
    }

    public DatabaseEngine Engine => DatabaseEngine.Sqlite;

    /// <summary>Makes the file when it is not there.</summary>
    public static async Task<SqliteBackend> OpenAsync(string file, int timeoutSeconds, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(file);
        CreateForOwner(path);
        var backend = new SqliteBackend(path, timeoutSeconds);
        await using DbConnection connection = await backend.OpenWriterAsync(cancellationToken);
        await ExecuteAsync(connection, "PRAGMA journal_mode = WAL", cancellationToken);
        return backend;
    }

    public async Task<DbConnection> OpenReaderAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = await OpenAsync(_readerConnection, cancellationToken);
        await ExecuteAsync(connection, "PRAGMA query_only = 1", cancellationToken);
        return connection;
    }

    public Task<DbConnection> OpenWriterAsync(CancellationToken cancellationToken) => OpenAsync(_writerConnection, cancellationToken);

    public Task<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    // Not deferred: whoever begins has the lock, and cannot be refused later because somebody else wrote.
    public Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false));

    public Task<DbTransaction> BeginSchemaAsync(DbConnection connection, CancellationToken cancellationToken) =>
        BeginWriteAsync(connection, cancellationToken);

    public DatabaseFailure? Classify(Exception problem) => problem switch
    {
        SqliteException { SqliteExtendedErrorCode: DuplicatePrimaryKey or DuplicateUnique } => DatabaseFailure.Duplicate,
        SqliteException { SqliteErrorCode: Busy or Locked or InputOutput or Full or CannotOpen } => DatabaseFailure.Unavailable,
        SqliteException => DatabaseFailure.Failed,
        _ => null,
    };

    public bool IsConflict(Exception problem) => false;

    public ValueTask DisposeAsync()
    {
        foreach (string text in (string[])[_readerConnection, _writerConnection])
        {
            using var connection = new SqliteConnection(text);
            SqliteConnection.ClearPool(connection);
        }

        return ValueTask.CompletedTask;
    }

    private static async Task<DbConnection> OpenAsync(string text, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(text);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // SQLite gives the files beside it the same mode.
    private static void CreateForOwner(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var file = new FileStream(path, options);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException(DatabaseFailure.Unavailable, $"the database {path} cannot be opened: {problem.Message}", problem);
        }
    }
}
