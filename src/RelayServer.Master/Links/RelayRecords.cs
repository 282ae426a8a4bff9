using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;

namespace RelayServer.Master.Links;

/// <summary>Appends relay records to a buffer.</summary>
internal static class RelayRecords
{
    public static void Write(PooledBuffer buffer, in RelayRecord record)
    {
        var writer = new MessagePackWriter(buffer.Reserve(record.EncodedBytesMax));
        record.Write(ref writer);
        buffer.Advance(writer.WrittenBytes);
    }

    /// <summary>Where the log ends.</summary>
    public static void WriteTop(PooledBuffer buffer, PartitionLog log) => WritePosition(buffer, RelayKind.Top, log, log.Top);

    /// <summary>What an edge must not give to who joins: it has left the log. Nothing when nothing has.</summary>
    public static void WriteTrimmed(PooledBuffer buffer, PartitionLog log)
    {
        if (log.Retention is { TrimmedSeq: > 0, Oldest: { } oldest })
        {
            WritePosition(
                buffer, RelayKind.Trimmed, log, new Position(log.Key.Generation, log.Key.Partition, oldest.Epoch, oldest.LastSeq));
        }
    }

    /// <summary>That an entry is in the log, and not for members.</summary>
    public static void WriteSkipped(PooledBuffer buffer, in StagedEntry entry) => Write(buffer, new RelayRecord
    {
        Kind = RelayKind.Skipped,
        Channel = entry.Log.Channel.Name,
        Top = new Position(entry.Log.Key.Generation, entry.Log.Key.Partition, entry.Log.Channel.Epoch, entry.LastSeq),
        FirstSeq = entry.FirstSeq,
    });

    /// <summary>The answer to an interest: the room, and the tops of all its partitions as of one moment. The bytes of the room.</summary>
    public static int WriteOpened(PooledBuffer buffer, ChannelState channel)
    {
        byte[] room = channel.Room.Version > 0 ? channel.EncodedRoom : [];
        if (room.Length > 0)
        {
            Write(buffer, new RelayRecord { Kind = RelayKind.Room, Channel = channel.Name, Body = room });
        }

        foreach (PartitionLog log in channel.Partitions)
        {
            WritePosition(buffer, RelayKind.Opened, log, log.Top);

            // An edge that asks again may have missed what was trimmed.
            WriteTrimmed(buffer, log);
        }

        return room.Length;
    }

    private static void WritePosition(PooledBuffer buffer, RelayKind kind, PartitionLog log, Position position) =>
        Write(buffer, new RelayRecord { Kind = kind, Channel = log.Channel.Name, Top = position });
}
