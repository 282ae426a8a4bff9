using System.Globalization;
using System.Text.Json.Nodes;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The type of a field in <c>protocol/schema.json</c>.</summary>
internal sealed class SchemaType
{
    public required string Name { get; init; }

    /// <summary>Largest value of a <c>uint</c>.</summary>
    public ulong Max { get; init; }

    /// <summary>Those that a <c>uint</c> may have, where not all up to <see cref="Max"/> are; else empty.</summary>
    public IReadOnlyList<ulong> Values { get; init; } = [];

    /// <summary>Most bytes of a <c>str</c> or <c>bin</c>.</summary>
    public int BytesMax { get; init; }

    /// <summary>The one value that a <c>str</c> or <c>uint</c> may have, where the protocol fixes it.</summary>
    public object? Const { get; init; }

    /// <summary>The alternatives of a <c>one_of</c>.</summary>
    public IReadOnlyList<SchemaType> Alternatives { get; init; } = [];

    /// <summary>The elements of an <c>array</c>: types that come again and again in turn, mostly one.</summary>
    public IReadOnlyList<SchemaType> Items { get; init; } = [];

    /// <summary>Most elements of an <c>array</c>; null where only the frame's size bounds them.</summary>
    public int? ItemsMax { get; init; }

    /// <summary>What the count of an <c>array</c> is a multiple of.</summary>
    public int ItemsMultipleOf { get; init; } = 1;

    /// <summary>The fields of a tuple.</summary>
    public IReadOnlyList<SchemaField> Fields { get; init; } = [];

    /// <summary>The type as the tables of PROTOCOL.md write it.</summary>
    public override string ToString() => Name switch
    {
        "uint" when Values.Count > 0 => $"uint: {string.Join(", ", Values)}",
        "uint" => Max == ulong.MaxValue ? "uint" : $"uint ≤ {Max}",
        "str" or "bin" => $"{Name} ≤ {BytesMax}",
        "array" => ItemsMax is { } most ? $"array ≤ {most} of {string.Join(" and ", Items)}" : $"array of {string.Join(" and ", Items)}",
        "one_of" => string.Join(" or ", Alternatives),
        _ => Name,
    };

    public static SchemaType Read(JsonNode node, IReadOnlyDictionary<string, IReadOnlyList<SchemaField>> tuples)
    {
        string name = node["type"]!.GetValue<string>();
        IEnumerable<JsonNode?> itemTypes = node["items_in_turn"]?.AsArray() ?? Enumerable.Repeat(node["items"], node["items"] is null ? 0 : 1);
        SchemaType[] items = [.. itemTypes.Select(one => Read(one!, tuples))];
        return new SchemaType
        {
            Name = name,
            Max = node["max"] is { } max ? ulong.Parse(max.ToString(), CultureInfo.InvariantCulture) : 0,
            Values = [.. (node["values"]?.AsArray() ?? []).Select(value => value!.GetValue<ulong>())],
            BytesMax = node["bytes_max"]?.GetValue<int>() ?? 0,
            Const = node["const"] is { } only ? (name == "uint" ? only.GetValue<ulong>() : only.GetValue<string>()) : null,
            Alternatives = [.. (node["of"]?.AsArray() ?? []).Select(one => Read(one!, tuples))],
            Items = items,
            ItemsMax = node["items_max"]?.GetValue<int>(),
            ItemsMultipleOf = node["items_multiple_of"]?.GetValue<int>() ?? Math.Max(items.Length, 1),
            Fields = tuples.TryGetValue(name, out IReadOnlyList<SchemaField>? fields) ? fields : [],
        };
    }
}
