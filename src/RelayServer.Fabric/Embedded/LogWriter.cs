using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

/// <summary>Writes the database: one transaction per flush. Used by one thread.</summary>
internal sealed class LogWriter : IDisposable
{
    // Bounds memory, not correctness: what was forgotten is looked up again.
    private const int LogsRememberedMax = 64 * 1024;

    // Deleting a few dozen entries at once costs about what deleting one costs; that many stay longer than asked.
    private const int AppendsPerTrim = 32;

    private readonly SqliteConnection _connection;
    private readonly ILogger _logger;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _findLog;
    private readonly Statement _addLog;
    private readonly Statement _findLast;
    private readonly Statement _findBody;
    private readonly Statement _addEntry;
    private readonly Statement _trim;
    private readonly Statement _cut;
    private readonly Statement _saveRecord;
    private readonly Statement _removeRecord;
    private readonly Statement _probe;
    private readonly DroppedLogs _dropped;
    private readonly Dictionary<LogKey, LogState> _logs = [];
    private readonly List<LogState?> _toAppend = [];
    private long _flush;

    public LogWriter(SqliteConnection connection, ILogger logger)
    {
        _connection = connection;
        _logger = logger;
        Slots = new(connection);
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
        _findLog = new(connection, "SELECT id FROM logs WHERE channel = ?1 AND generation = ?2 AND partition = ?3");
        _addLog = new(connection, "INSERT INTO logs (channel, generation, partition) VALUES (?1, ?2, ?3) RETURNING id");
        _findLast = new(connection, "SELECT epoch, last_seq FROM entries WHERE log = ?1 ORDER BY epoch DESC, last_seq DESC LIMIT 1");
        _findBody = new(connection, "SELECT body FROM entries WHERE log = ?1 AND epoch = ?2 AND last_seq = ?3");
        _addEntry = new(connection, "INSERT INTO entries (log, epoch, last_seq, body) VALUES (?1, ?2, ?3, ?4)");
        _trim = new(connection, "DELETE FROM entries WHERE log = ?1 AND (epoch, last_seq) < (?2, ?3)");
        _cut = new(connection, "DELETE FROM entries WHERE log = ?1 AND (epoch, last_seq) < (?2, ?3) AND EXISTS (SELECT 1 FROM entries WHERE log = ?1 AND (epoch, last_seq) >= (?2, ?3))");
        _saveRecord = new(connection, "INSERT INTO records (name, body) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET body = excluded.body");
        _removeRecord = new(connection, "DELETE FROM records WHERE name = ?1");
        _dropped = new(connection);
        _probe = new(connection, "UPDATE store SET probes = probes + 1");
    }

    public SlotTable Slots { get; }

    /// <summary>Appends, trims, drops and writes records: everything or nothing. When SQLite fails nothing was applied.</summary>
    /// <exception cref="SqliteException">The database could not be written.</exception>
    public FlushStatus Commit(FabricFlush flush)
    {
        FlushStatus status = Slots.Judge(flush.Slots);
        bool hasMore = flush.Trims.Count + flush.Records.Count + flush.Drops.Count > 0;
        if (status != FlushStatus.Committed || (flush.Appends.Count == 0 && !hasMore))
        {
            return status;
        }

        if (_logs.Count > LogsRememberedMax)
        {
            _logs.Clear();
        }

        switch (Plan(flush))
        {
            case null: return FlushStatus.Fenced;
            case 0 when !hasMore: return FlushStatus.Committed;
        }

        InTransaction(flush, static (writer, flush) =>
        {
            for (int i = 0; i < flush.Appends.Count; i++)
            {
                if (writer._toAppend[i] is { } log)
                {
                    writer.Append(log, flush.Appends[i]);
                }
            }

            writer.WriteRest(flush);
            return 0;
        });
        return FlushStatus.Committed;
    }

    public ImmutableArray<SlotOwner> Claim(string masterId, ulong epochFloor)
    {
        ImmutableArray<SlotOwner> owners = InTransaction(
            (masterId, epochFloor), static (writer, claim) => writer.Slots.Claim(claim.masterId, claim.epochFloor));
        Slots.Replace(owners);
        return owners;
    }

    /// <summary>Throws when the database still cannot be written.</summary>
    public void Probe() => InTransaction(0, static (writer, _) =>
    {
        writer._probe.Execute();
        return 0;
    });

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])
            [_begin, _commit, _rollback, _findLog, _addLog, _findLast, _findBody, _addEntry, _trim, _cut, _saveRecord, _removeRecord, _probe])
        {
            statement.Dispose();
        }

        _dropped.Dispose();
        Slots.Dispose();
        _connection.Dispose();
    }

    // Decides for each append whether it is new, without writing. Goes from the last to the first: an append is done
    // when a later one of the same flush and log is, even if trimming took it away since. The number of new appends;
    // null when a log is beyond what is to be appended.
    private int? Plan(FabricFlush flush)
    {
        _flush++;
        _toAppend.Clear();
        int news = 0;
        for (int i = flush.Appends.Count - 1; i >= 0; i--)
        {
            FabricAppend append = flush.Appends[i];
            (ulong, ulong) place = (append.Epoch, append.LastSeq);
            LogState log = Find(append.Log);
            bool done = log.Flush == _flush && log.NextIsDone;
            if (!done && place.CompareTo(log.Last) <= 0)
            {
                done = Holds(log, append);
                if (!done)
                {
                    FabricLog.LogBeyond(_logger, append.Log.Channel, append.Log.Generation, append.Log.Partition, append.Epoch, append.LastSeq);
                    return null;
                }
            }

            (log.Flush, log.NextIsDone) = (_flush, done);
            news += done ? 0 : 1;
            _toAppend.Add(done ? null : log);
        }

        _toAppend.Reverse();
        return news;
    }

    private bool Holds(LogState log, FabricAppend append)
    {
        _findBody.Bind(1, log.Id).Bind(2, append.Epoch).Bind(3, append.LastSeq);
        bool same = _findBody.Step() && _findBody.Blob(0).SequenceEqual(append.Body.Span);
        _findBody.Reset();
        return same;
    }

    private void Append(LogState log, FabricAppend append)
    {
        if (log.Id == 0)
        {
            _addLog.Bind(1, append.Log.Channel).Bind(2, append.Log.Generation).Bind(3, append.Log.Partition).Step();
            log.Id = _addLog.UInt64(0);
            _addLog.Reset();
        }

        // Before the insert, so that it finds the freed pages even when the file must not grow.
        if (append.TrimBefore is { } before && log.AppendsUntilTrim-- <= 0)
        {
            _trim.Bind(1, log.Id).Bind(2, before.Epoch).Bind(3, before.Seq).Execute();
            log.AppendsUntilTrim = AppendsPerTrim;
        }

        _addEntry.Bind(1, log.Id).Bind(2, append.Epoch).Bind(3, append.LastSeq).Bind(4, append.Body.Span).Execute();
        log.Last = (append.Epoch, append.LastSeq);
    }

    private void WriteRest(FabricFlush flush)
    {
        foreach (FabricTrim trim in flush.Trims)
        {
            _cut.Bind(1, Find(trim.Log).Id).Bind(2, trim.Epoch).Bind(3, trim.Seq).Execute();
        }

        foreach (FabricRecord record in flush.Records)
        {
            if (record.Body.IsEmpty)
            {
                _removeRecord.Bind(1, record.Name).Execute();
            }
            else
            {
                _saveRecord.Bind(1, record.Name).Bind(2, record.Body.Span).Execute();
            }
        }

        foreach (LogKey log in flush.Drops)
        {
            _dropped.Add(Find(log).Id);
            _logs.Remove(log);
        }

        _dropped.Clean();
    }

    private LogState Find(LogKey key)
    {
        if (_logs.TryGetValue(key, out LogState? log))
        {
            return log;
        }

        log = new();
        if (_findLog.Bind(1, key.Channel).Bind(2, key.Generation).Bind(3, key.Partition).Step())
        {
            log.Id = _findLog.UInt64(0);
            _findLog.Reset();
            if (_findLast.Bind(1, log.Id).Step())
            {
                log.Last = (_findLast.UInt64(0), _findLast.UInt64(1));
                _findLast.Reset();
            }
        }

        _logs.Add(key, log);
        return log;
    }

    private TResult InTransaction<TState, TResult>(TState state, Func<LogWriter, TState, TResult> work)
    {
        try
        {
            _begin.Execute();
            TResult result = work(this, state);
            _commit.Execute();
            return result;
        }
        catch
        {
            // What was remembered may be ahead of the file now.
            _logs.Clear();
            Rollback();
            throw;
        }
    }

    private void Rollback()
    {
        try
        {
            _rollback.Execute();
        }
        catch (SqliteException)
        {
            // SQLite already rolled back, as it does when the disk is full.
        }
    }
}
