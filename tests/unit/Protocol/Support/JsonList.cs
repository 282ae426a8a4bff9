using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Encodes lists of the vectors, entry by entry.</summary>
internal static class JsonList
{
    internal delegate bool TryEncodeItem(JsonNode item, Span<byte> destination, out int writtenBytes);

    /// <summary>The entries one after the other, as <see cref="EncodedList{T}"/> wants them.</summary>
    public static byte[] Encode(JsonNode? items, TryEncodeItem tryEncode, out int count)
    {
        count = items!.AsArray().Count;
        using var encoded = new PooledBuffer();
        foreach (JsonNode? item in items.AsArray())
        {
            Assert.True(tryEncode(item!, encoded.Reserve(ProtocolLimits.ServerFrameBytesMax), out int writtenBytes));
            encoded.Advance(writtenBytes);
        }

        return encoded.WrittenSpan.ToArray();
    }

    public static bool TryEncodeNumber(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteUInt64(BodyFromJson.Wide(item));
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    public static bool TryEncodeText(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteString(BodyFromJson.Text(item));
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
