using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace RelayServer.Storage;

/// <summary>PostgreSQL. Writes are serializable: one that another came between is run again.</summary>
internal sealed class PostgreSqlBackend : IDatabaseBackend
{
    // Any number that other programs in the same database do not use for their advisory locks.
    private const long SchemaLock = 0x72656c6179;

    private readonly NpgsqlDataSource _source;

    private PostgreSqlBackend(NpgsqlDataSource source) => _source = source;

    public DatabaseEngine Engine => DatabaseEngine.PostgreSql;

    /// <summary>Reads the options; nothing is connected yet.</summary>
    public static PostgreSqlBackend Create(DatabaseOptions options)
    {
        try
        {
            int seconds = (options.TimeoutMilliseconds + 999) / 1000;
            var builder = new NpgsqlConnectionStringBuilder(options.Connection);
            if (builder.Password is not null)
            {
                throw new DatabaseException(DatabaseFailure.Options, "Connection has a password; set it as Password");
            }

            builder.Password = options.Password;
            builder.MaxPoolSize = options.ConnectionsMax;
            builder.Timeout = seconds;
            builder.CommandTimeout = seconds;
            builder.ApplicationName ??= "relay";
            return new PostgreSqlBackend(NpgsqlDataSource.Create(builder));
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The driver's message names the word that it does not know, which may be the beginning of a secret.
            throw new DatabaseException(
                DatabaseFailure.Options, "Connection is no PostgreSQL connection string, such as Host=127.0.0.1;Database=relay;Username=relay");
        }
    }

    public Task<DbConnection> OpenReaderAsync(CancellationToken cancellationToken) => OpenWriterAsync(cancellationToken);

    public async Task<DbConnection> OpenWriterAsync(CancellationToken cancellationToken) => await _source.OpenConnectionAsync(cancellationToken);

    public async Task<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(transaction, "SET TRANSACTION READ ONLY", cancellationToken);
        return transaction;
    }

    public async Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    public async Task<DbTransaction> BeginSchemaAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // Not serializable: whoever waited for the lock must see what was done under it.
        DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync(transaction, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancellationToken);
        return transaction;
    }

    public DatabaseFailure? Classify(Exception problem) => problem switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => DatabaseFailure.Duplicate,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => DatabaseFailure.Unavailable,
        NpgsqlException { IsTransient: true } => DatabaseFailure.Unavailable,
        PostgresException { SqlState: var state } when state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal) =>
            DatabaseFailure.Options,
        PostgresException => DatabaseFailure.Failed,
        NpgsqlException or SocketException or TimeoutException => DatabaseFailure.Unavailable,
        _ => null,
    };

    public bool IsConflict(Exception problem) =>
        problem is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task ExecuteAsync(DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
