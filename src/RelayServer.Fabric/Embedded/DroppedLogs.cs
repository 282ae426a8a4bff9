using Microsoft.Data.Sqlite;

namespace RelayServer.Fabric;

/// <summary>
/// Logs that were dropped: gone at once for everybody who reads, while their entries leave the file some at a time.
/// Deleting a week of messages in the flush that drops it would hold up every room.
/// </summary>
internal sealed class DroppedLogs : IDisposable
{
    /// <summary>What one flush deletes besides its own work; well more than a flush usually appends.</summary>
    public const int EntriesPerFlush = 256;

    private readonly Statement _hide;
    private readonly Statement _next;
    private readonly Statement _clean;
    private readonly Statement _hasEntries;
    private readonly Statement _forget;

    public DroppedLogs(SqliteConnection connection)
    {
        // No channel's name is empty. The row stays until the last entry is gone, so that its id is not given again.
        _hide = new(connection, "UPDATE logs SET channel = '', generation = id, partition = 0 WHERE id = ?1");
        _next = new(connection, "SELECT id FROM logs WHERE channel = '' LIMIT 1");
        _clean = new(connection, "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE log = ?1 LIMIT ?2)");
        _hasEntries = new(connection, "SELECT 1 FROM entries WHERE log = ?1 LIMIT 1");
        _forget = new(connection, "DELETE FROM logs WHERE id = ?1");
    }

    /// <summary>From the commit on nobody finds the log any more.</summary>
    public void Add(ulong logId) => _hide.Bind(1, logId).Execute();

    /// <summary>Deletes some entries of one dropped log, if there is one. Inside a transaction that writes anyway.</summary>
    public void Clean()
    {
        if (!_next.Step())
        {
            return;
        }

        ulong id = _next.UInt64(0);
        _next.Reset();
        _clean.Bind(1, id).Bind(2, EntriesPerFlush).Execute();
        bool hasEntries = _hasEntries.Bind(1, id).Step();
        _hasEntries.Reset();
        if (!hasEntries)
        {
            _forget.Bind(1, id).Execute();
        }
    }

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[_hide, _next, _clean, _hasEntries, _forget])
        {
            statement.Dispose();
        }
    }
}
