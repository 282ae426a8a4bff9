using Microsoft.Data.Sqlite;

namespace RelayServer.Fabric;

/// <summary>One connection that reads. Used by one thread at a time.</summary>
internal sealed class LogReader : IDisposable
{
    private const string LogId = "(SELECT id FROM logs WHERE channel = ?1 AND generation = ?2 AND partition = ?3)";

    private readonly SqliteConnection _connection;
    private readonly Statement _from;
    private readonly Statement _tail;
    private readonly Statement _list;
    private readonly Statement _record;
    private readonly Statement _listRecords;

    public LogReader(SqliteConnection connection)
    {
        _connection = connection;
        _from = new(connection, $"SELECT epoch, last_seq, body FROM entries WHERE log = {LogId} AND (epoch, last_seq) >= (?4, ?5) ORDER BY epoch, last_seq");
        _tail = new(connection, $"SELECT epoch, last_seq, body FROM entries WHERE log = {LogId} ORDER BY epoch DESC, last_seq DESC");
        _list = new(connection, "SELECT id, channel, generation, partition FROM logs WHERE id > ?1 AND channel <> '' ORDER BY id LIMIT ?2");
        _record = new(connection, "SELECT body FROM records WHERE name = ?1");
        _listRecords = new(connection, "SELECT id, name, body FROM records WHERE id > ?1 ORDER BY id LIMIT ?2");
    }

    public LogPage ReadFrom(LogKey log, ulong epoch, ulong seq, int bytesMax)
    {
        var page = new LogPageBuilder(bytesMax);
        Bind(_from, log).Bind(4, epoch).Bind(5, seq);
        try
        {
            while (_from.Step() && TryAdd(page, _from))
            {
            }
        }
        finally
        {
            _from.Reset();
        }

        return page.Build();
    }

    public LogPage ReadTail(LogKey log, int messages, int bytesMax)
    {
        var page = new LogPageBuilder(bytesMax);
        Bind(_tail, log);
        try
        {
            while (page.Messages < messages && _tail.Step() && TryAdd(page, _tail))
            {
            }
        }
        finally
        {
            _tail.Reset();
        }

        return page.BuildReversed();
    }

    public LogList List(ulong cursor, int max)
    {
        var logs = new List<LogKey>();
        ulong last = cursor;
        _list.Bind(1, cursor).Bind(2, (ulong)max);
        try
        {
            while (_list.Step())
            {
                last = _list.UInt64(0);
                logs.Add(new(_list.Text(1), _list.UInt64(2), (uint)_list.UInt64(3)));
            }
        }
        finally
        {
            _list.Reset();
        }

        return new(logs, logs.Count < max ? 0 : last);
    }

    public byte[]? Record(string name)
    {
        _record.Bind(1, name);
        try
        {
            return _record.Step() ? _record.Blob(0).ToArray() : null;
        }
        finally
        {
            _record.Reset();
        }
    }

    public RecordList ListRecords(ulong cursor, int max)
    {
        var records = new List<FabricRecord>();
        ulong last = cursor;
        int bytes = 0;
        _listRecords.Bind(1, cursor).Bind(2, (ulong)max);
        try
        {
            while (bytes < FabricLimits.ReadBytesMax && _listRecords.Step())
            {
                last = _listRecords.UInt64(0);
                byte[] body = _listRecords.Blob(2).ToArray();
                records.Add(new(_listRecords.Text(1), body));
                bytes += body.Length;
            }
        }
        finally
        {
            _listRecords.Reset();
        }

        return new(records, records.Count < max && bytes < FabricLimits.ReadBytesMax ? 0 : last);
    }

    public void Dispose()
    {
        _listRecords.Dispose();
        _record.Dispose();
        _list.Dispose();
        _from.Dispose();
        _tail.Dispose();
        _connection.Dispose();
    }

    private static bool TryAdd(LogPageBuilder page, Statement row)
    {
        ReadOnlySpan<byte> body = row.Blob(2);
        bool fits = page.Fits(body.Length);
        if (fits)
        {
            page.Add(row.UInt64(0), row.UInt64(1), body.ToArray());
        }

        return fits;
    }

    private static Statement Bind(Statement statement, LogKey log) =>
        statement.Bind(1, log.Channel).Bind(2, log.Generation).Bind(3, log.Partition);
}
