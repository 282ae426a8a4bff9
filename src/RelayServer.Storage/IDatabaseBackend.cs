using System.Data.Common;

namespace RelayServer.Storage;

/// <summary>What differs between engines besides words.</summary>
internal interface IDatabaseBackend : IAsyncDisposable
{
    DatabaseEngine Engine { get; }

    /// <summary>Opens a connection for a transaction that only reads.</summary>
    Task<DbConnection> OpenReaderAsync(CancellationToken cancellationToken);

    /// <summary>Opens a connection for a transaction that writes.</summary>
    Task<DbConnection> OpenWriterAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction that sees one state of the database.</summary>
    Task<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that has its effect as if no other ran meanwhile.</summary>
    Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that holds other instances back until it ends, so that one of them makes the tables.</summary>
    Task<DbTransaction> BeginSchemaAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>What a failure of the driver is; null when it is none of the database.</summary>
    DatabaseFailure? Classify(Exception problem);

    /// <summary>True when the same transaction may well succeed when it is run again at once.</summary>
    bool IsConflict(Exception problem);
}
