using RelayServer.Fabric;
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

    public static void WriteTop(PooledBuffer buffer, RelayKind kind, ReadOnlySpan<byte> channel, Position top) =>
        Write(buffer, new RelayRecord { Kind = kind, Channel = channel, Top = top });
}
