using System.Text;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Encodes a tree of null (nil), bool, ulong, double, string, byte[] (bin) and object?[] (array).</summary>
internal static class MessagePackTree
{
    private const int FloatBytes = 9;

    public static byte[] Encode(object? tree)
    {
        var buffer = new byte[SizeBytesMax(tree)];
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, tree);
        Assert.False(writer.Overflowed);
        return buffer[..writer.WrittenBytes];
    }

    private static int SizeBytesMax(object? tree) => tree switch
    {
        string text => MessagePackWriter.HeadBytesMax + Encoding.UTF8.GetByteCount(text),
        byte[] bytes => MessagePackWriter.HeadBytesMax + bytes.Length,
        object?[] items => MessagePackWriter.HeadBytesMax + items.Sum(SizeBytesMax),
        _ => MessagePackWriter.IntegerBytesMax,
    };

    private static void Write(ref MessagePackWriter writer, object? tree)
    {
        switch (tree)
        {
            case null:
                writer.WriteNil();
                break;
            case bool value:
                writer.WriteBoolean(value);
                break;
            case ulong number:
                writer.WriteUInt64(number);
                break;
            case double number:
                Span<byte> encoded = stackalloc byte[FloatBytes];
                encoded[0] = 0xcb;
                System.Buffers.Binary.BinaryPrimitives.WriteDoubleBigEndian(encoded[1..], number);
                writer.WriteRaw(encoded);
                break;
            case string text:
                writer.WriteString(Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                writer.WriteBinary(bytes);
                break;
            case object?[] items:
                writer.WriteArrayHeader(items.Length);
                foreach (object? item in items)
                {
                    Write(ref writer, item);
                }

                break;
            default:
                throw new ArgumentException($"{tree.GetType()} has no encoding here", nameof(tree));
        }
    }
}
