using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>FsCheck generators of bodies as an encoder of version 1 writes them, by <c>schema.json</c>.</summary>
internal static class SchemaGen
{
    private const int ItemsMax = 40;
    private const int ShortTextBytes = 48;
    private const ulong NumberMax = long.MaxValue;
    private static readonly ulong[] Edges =
        [0, 1, 127, 128, 255, 256, 65535, 65536, uint.MaxValue, 1UL + uint.MaxValue, NumberMax, 1UL + NumberMax, ulong.MaxValue];

    /// <summary>Bodies of a frame; shrinks by putting the smallest value in one field after the other.</summary>
    public static Arbitrary<object?[]> Bodies(SchemaBody kind)
    {
        object?[] smallest = SchemaCases.Smallest(kind.Fields);
        return Arb.From(Tuple(kind.Fields), body => Shrink(body, smallest).Where(shrunk => IsWritten(kind, shrunk)));
    }

    /// <summary>Payloads of messages.</summary>
    public static Arbitrary<object?[]> Payloads(SchemaPayload kind)
    {
        object?[] smallest = SchemaCases.Smallest(kind.Fields);
        return Arb.From(Tuple(kind.Fields), payload => Shrink(payload, smallest));
    }

    private static Gen<object?[]> Tuple(IReadOnlyList<SchemaField> fields) =>
        Gen.CollectToArray(fields, Of).Select(values => WithoutSilence(fields, Agree(fields, values)));

    private static Gen<object?> Of(SchemaField field) => field.Name switch
    {
        // What an encoder cannot write otherwise: it knows these capabilities, and writes an empty channel as nil.
        "capabilities" => Gen.Elements<object?>(
            Array.Empty<object?>(), new object?[] { "ephemeral" }, new object?[] { "rooms" }, new object?[] { "ephemeral", "rooms" },
            new object?[] { "rooms", "services" }, new object?[] { "ephemeral", "rooms", "services" }),
        "channel" when field.Type.Name == "one_of" => Gen.OneOf(Gen.Constant<object?>(null), Text(field.Type.Alternatives[1], 1)),
        _ => Of(field.Type),
    };

    private static Gen<object?> Of(SchemaType type) => type.Name switch
    {
        "nil" => Gen.Constant<object?>(null),
        "uint" when type.Values.Count > 0 => Gen.Elements(type.Values.Select(value => (object?)value)),
        "uint" => type.Const is { } only ? Gen.Constant<object?>(only) : Number(type.Max),
        "str" => type.Const is { } word ? Gen.Constant<object?>(word) : Text(type, 0),
        "bin" => Bytes(type.BytesMax),
        "one_of" => Gen.OneOf(type.Alternatives.Select(Of)),
        "array" => Items(type),
        _ => Tuple(type.Fields).Select(values => (object?)values),
    };

    private static Gen<object?> Number(ulong max)
    {
        Gen<ulong> any = ArbMap.Default.GeneratorFor<ulong>().Select(value => max == ulong.MaxValue ? value : value % (max + 1));
        return Gen.OneOf(Gen.Elements(Edges.Append(max).Where(edge => edge <= max)), any).Select(value => (object?)value);
    }

    private static Gen<object?> Text(SchemaType type, int charactersMin)
    {
        // Where few bytes are allowed every character has one.
        Gen<int> code = type.BytesMax < ShortTextBytes
            ? Gen.Choose(0x20, 0x7e)
            : Gen.OneOf(Gen.Choose(0x20, 0x7e), Gen.Choose(0, 0x7ff), Gen.Choose(0x800, 0xd7ff), Gen.Choose(0x10000, 0x10ffff));
        int few = Math.Min(type.BytesMax, 12);
        int many = Math.Max(few, Math.Min(type.BytesMax / 4, 300));
        return Gen.OneOf(Gen.Choose(charactersMin, few), Gen.Choose(charactersMin, many))
            .SelectMany(count => code.ListOf(count))
            .Select(codes => (object?)string.Concat(codes.Select(value => new Rune(value))));
    }

    private static Gen<object?> Bytes(int bytesMax) =>
        Gen.OneOf(Gen.Choose(0, 16), Gen.Choose(0, 600), Gen.Choose(Math.Max(0, bytesMax - 600), bytesMax))
            .SelectMany(count => Gen.Choose(0, 255).Select(fill => (object?)Enumerable.Repeat((byte)fill, count).ToArray()));

    private static Gen<object?> Items(SchemaType type) =>
        Gen.Choose(0, Math.Min(ItemsMax, type.ItemsMax ?? ItemsMax) / type.ItemsMultipleOf)
            .SelectMany(groups => Gen.CollectToArray(
                Enumerable.Range(0, groups * type.ItemsMultipleOf), at => Of(type.Items[at % type.Items.Count])))
            .Select(items => (object?)items);

    // Fields that depend on one another: the kind chooses the payload's form, and the last seq has 63 bits.
    private static object?[] Agree(IReadOnlyList<SchemaField> fields, object?[] values)
    {
        int At(string name) => fields.ToList().FindIndex(field => field.Name == name);
        if (At("payload") is >= 0 and int payload)
        {
            ulong kind = (ulong)values[At("kind")]!;
            values[At("kind")] = values[payload] is string ? 0UL : Math.Max(kind, 1UL);
        }

        if (At("first_seq") is >= 0 and int first)
        {
            values[first] = Math.Min((ulong)values[first]!, NumberMax - ItemsMax);
        }

        // The parts of a card may be longer than the whole.
        if (At("actions") is >= 0 and int actions && MessagePackTree.Encode(values).Length > ProtocolLimits.CardBytesMax)
        {
            values[actions] = Array.Empty<object?>();
        }

        return values;
    }

    // An encoder leaves a field that may be missing away, with all after it, when none of them says anything.
    private static object?[] WithoutSilence(IReadOnlyList<SchemaField> fields, object?[] values)
    {
        int count = values.Length;
        while (count > 0 && fields[count - 1].Optional && values[count - 1] is 0UL or object?[] { Length: 0 })
        {
            count--;
        }

        return values[..count];
    }

    private static IEnumerable<object?[]> Shrink(object?[] body, object?[] smallest)
    {
        for (int i = 0; i < smallest.Length; i++)
        {
            if (!MessagePackTree.Encode(body[i]).AsSpan().SequenceEqual(MessagePackTree.Encode(smallest[i])))
            {
                object?[] shrunk = [.. body];
                shrunk[i] = smallest[i];
                yield return shrunk;
            }
        }
    }

    // Smallest values alone may not fit together: a kind without the payload that it needs.
    private static bool IsWritten(SchemaBody kind, object?[] body) =>
        kind.Name != "PUBLISH" || (body[3] is 0UL) == (body[4] is string);
}
