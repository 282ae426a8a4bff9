using System.Data.Common;
using Dapper;

namespace RelayServer.Storage;

/// <summary>
/// One transaction. Parameters are the properties of an object, named <c>@Name</c> in the SQL; rows become objects whose
/// properties have the columns' names without underscores. Integers are 64 bits wide. Not for several threads at once. After a statement that failed
/// nothing more can be asked, and nothing is committed: both engines are alike in this.
/// </summary>
public sealed class DatabaseSession
{
    private readonly DbTransaction _transaction;
    private readonly int _timeoutSeconds;
    private readonly CancellationToken _cancellationToken;

    static DatabaseSession() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    internal DatabaseSession(DbTransaction transaction, int timeoutSeconds, CancellationToken cancellationToken)
    {
        _transaction = transaction;
        _timeoutSeconds = timeoutSeconds;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The failure after which nothing more can be asked.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Runs a statement and tells how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) =>
        RunAsync(connection => connection.ExecuteAsync(Command(sql, parameters)));

    /// <summary>The rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        [.. await RunAsync(connection => connection.QueryAsync<T>(Command(sql, parameters)))];

    /// <summary>The first row of a query; the default of the type when there is none.</summary>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        RunAsync(connection => connection.QueryFirstOrDefaultAsync<T?>(Command(sql, parameters)));

    private async Task<T> RunAsync<T>(Func<DbConnection, Task<T>> run)
    {
        if (Failure is not null)
        {
            throw new DatabaseException(DatabaseFailure.Failed, "a statement of this transaction has failed already", Failure);
        }

        try
        {
            return await run(_transaction.Connection!);
        }
        catch (Exception problem)
        {
            Failure = problem;
            throw;
        }
    }

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, _transaction, _timeoutSeconds, cancellationToken: _cancellationToken);
}
