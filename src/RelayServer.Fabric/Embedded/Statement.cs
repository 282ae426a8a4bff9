using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RelayServer.Fabric;

/// <summary>
/// A prepared statement of the hot path. Straight on SQLite's own calls: a body is bound from wherever it lies,
/// without an array of its own, and nothing is allocated per execution.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        int code = raw.sqlite3_prepare_v2(_connection, sql, out _statement);
        SqliteException.ThrowExceptionForRC(code, _connection);
    }

    public Statement Bind(int index, ulong value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, index, (long)value), _connection);
        return this;
    }

    public Statement Bind(int index, string value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(_statement, index, value), _connection);
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        int code = value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, index, 0)
            : raw.sqlite3_bind_blob(_statement, index, value);
        SqliteException.ThrowExceptionForRC(code, _connection);
        return this;
    }

    /// <summary>True when there is a row; after the last one, or an error, the statement can be bound again.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // Throws for an error before the reset clears its text.
        try
        {
            SqliteException.ThrowExceptionForRC(code, _connection);
        }
        finally
        {
            Reset();
        }

        return false;
    }

    /// <summary>Runs to the end.</summary>
    public void Execute()
    {
        while (Step())
        {
        }
    }

    /// <summary>Leaves the rows that were not read; the statement can be bound again.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public ulong UInt64(int column) => (ulong)raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();
}
