using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Master.Links;

/// <summary>Appends relay records to a buffer.</summary>
internal static class RelayRecords
{
    public static void Write(PooledBuffer buffer, in RelayRecord record)
    {
        int bytesMax = Math.Max(RelayRecord.OverheadBytesMax + record.Body.Length, RelayRecord.TopBytesMax);
        var writer = new MessagePackWriter(buffer.Reserve(bytesMax));
        record.Write(ref writer);
        buffer.Advance(writer.WrittenBytes);
    }

    public static void WriteTop(PooledBuffer buffer, RelayKind kind, ReadOnlySpan<byte> channel, Position top) =>
        Write(buffer, new RelayRecord { Kind = kind, Channel = channel, Top = top });
}
