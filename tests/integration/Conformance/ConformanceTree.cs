using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>
/// Values that travel between this codec and another implementation. In memory: null, bool, ulong, long (negative),
/// double, string, byte[], object?[], <see cref="MapValue"/>, <see cref="ExtensionValue"/>. As JSON, tagged so that
/// nothing is lost: null, true, false, <c>{"i": decimal}</c>, <c>{"f": hex of 8 bytes}</c>, <c>{"s": hex of UTF-8}</c>,
/// <c>{"b": hex}</c>, <c>[…]</c>, <c>{"m": [[key, value]…]}</c>, <c>{"x": [type, hex]}</c>.
/// </summary>
internal static class ConformanceTree
{
    public static string ToTagged(object? tree) => Tag(tree)?.ToJsonString() ?? "null";

    /// <summary>Reads one value of the kinds that this protocol uses, with the reader under test.</summary>
    public static object? Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> source)
    {
        if (reader.IsNil)
        {
            reader.ReadNil();
            return null;
        }

        if (reader.IsString)
        {
            return Encoding.UTF8.GetString(reader.ReadString(int.MaxValue));
        }

        if (reader.IsArray)
        {
            var items = new object?[reader.ReadArrayHeader()];
            for (int i = 0; i < items.Length; i++)
            {
                items[i] = Read(ref reader, source);
            }

            return items;
        }

        return source[reader.Offset] switch
        {
            0xc2 or 0xc3 => reader.ReadBoolean(),
            0xc4 or 0xc5 or 0xc6 => reader.ReadBinary(int.MaxValue).ToArray(),
            _ => reader.ReadUInt64(),
        };
    }

    private static JsonNode? Tag(object? tree) => tree switch
    {
        null => null,
        bool value => value,
        ulong value => One("i", value.ToString(CultureInfo.InvariantCulture)),
        long value => One("i", value.ToString(CultureInfo.InvariantCulture)),
        double value => One("f", HexOf(value)),
        string value => One("s", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value))),
        byte[] value => One("b", Convert.ToHexStringLower(value)),
        object?[] items => new JsonArray([.. items.Select(Tag)]),
        MapValue map => One("m", new JsonArray([.. map.Pairs.Select(pair => new JsonArray(Tag(pair.Key), Tag(pair.Value)))])),
        ExtensionValue extension => One("x", new JsonArray(extension.Type, Convert.ToHexStringLower(extension.Data))),
        _ => throw new ArgumentException($"{tree.GetType()} has no tag", nameof(tree)),
    };

    private static JsonObject One(string tag, JsonNode content) => new() { [tag] = content };

    private static string HexOf(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Convert.ToHexStringLower(bytes);
    }
}
