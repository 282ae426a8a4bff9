using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>
/// Bodies at and just beyond every limit that <c>schema.json</c> states, as trees for <see cref="MessagePackTree"/>.
/// </summary>
internal static class SchemaCases
{
    /// <summary>The body with the smallest value in every field that must be there.</summary>
    public static object?[] Smallest(IReadOnlyList<SchemaField> fields) => Smallest(fields, fields.Count(field => !field.Optional));

    /// <summary>Every variation of the smallest body in one place: its path, the body, the status that it must get.</summary>
    public static IEnumerable<(string Path, object?[] Body, DecodeStatus Status)> Of(IReadOnlyList<SchemaField> fields)
    {
        object?[] smallest = Smallest(fields);
        for (int i = 0; i < fields.Count; i++)
        {
            object?[] upToHere = Smallest(fields, Math.Max(smallest.Length, i + 1));
            yield return ($"up to {fields[i].Name}", upToHere, DecodeStatus.Ok);
            foreach ((string path, object? value, DecodeStatus status) in Of(fields[i].Type))
            {
                object?[] body = [.. upToHere];
                body[i] = value;
                ChooseKind(fields, body, i);
                yield return ($"{fields[i].Name}{path}", body, status);
            }
        }

        yield return ("one field less", smallest[..^1], DecodeStatus.OutOfRange);
        yield return ("one field more", [.. Smallest(fields, fields.Count), "later"], DecodeStatus.Ok);
    }

    private static IEnumerable<(string Path, object? Value, DecodeStatus Status)> Of(SchemaType type)
    {
        IReadOnlyList<SchemaType> alternatives = type.Name == "one_of" ? type.Alternatives : [type];
        foreach (SchemaType one in alternatives)
        {
            foreach ((string, object?, DecodeStatus) valueCase in OfOne(one))
            {
                yield return valueCase;
            }
        }

        bool Takes(string name) => alternatives.Any(one => one.Name == name);
        bool takesArray = alternatives.Any(one => one.Name == "array" || one.Fields.Count > 0);
        yield return (" as float", 1.5, DecodeStatus.WrongType);
        yield return (" as nil", null, Takes("nil") ? DecodeStatus.Ok : DecodeStatus.WrongType);
        yield return (" as array", Array.Empty<object?>(), takesArray ? StatusOfEmptyArray(alternatives) : DecodeStatus.WrongType);
        if (!Takes("uint"))
        {
            yield return (" as number", 0UL, DecodeStatus.WrongType);
        }

        if (!Takes("str"))
        {
            yield return (" as string", "x", DecodeStatus.WrongType);
        }

        if (!Takes("bin"))
        {
            yield return (" as bytes", Array.Empty<byte>(), DecodeStatus.WrongType);
        }
    }

    private static IEnumerable<(string Path, object? Value, DecodeStatus Status)> OfOne(SchemaType type)
    {
        switch (type.Name)
        {
            case "nil":
                break;
            case "uint":
                yield return (" at its limit", type.Max, DecodeStatus.Ok);
                foreach (ulong hole in Enumerable.Range(0, type.Values.Count == 0 ? 0 : (int)type.Max).Select(value => (ulong)value).Except(type.Values))
                {
                    yield return ($" {hole}", hole, DecodeStatus.OutOfRange);
                }

                if (type.Max < ulong.MaxValue)
                {
                    yield return (" above its limit", type.Max + 1, DecodeStatus.OutOfRange);
                }

                break;
            case "str":
                yield return (" at its limit", new string('s', type.BytesMax), DecodeStatus.Ok);
                yield return (" above its limit", new string('s', type.BytesMax + 1), DecodeStatus.OutOfRange);
                yield return (" in two-byte characters", new string('é', type.BytesMax / 2), DecodeStatus.Ok);
                break;
            case "bin":
                yield return (" at its limit", new byte[type.BytesMax], DecodeStatus.Ok);
                yield return (" above its limit", new byte[type.BytesMax + 1], DecodeStatus.OutOfRange);
                break;
            case "array":
                foreach ((string, object?, DecodeStatus) valueCase in OfArray(type))
                {
                    yield return valueCase;
                }

                break;
            default:
                foreach ((string path, object?[] tuple, DecodeStatus status) in Of(type.Fields))
                {
                    yield return ("." + path, tuple, status);
                }

                break;
        }
    }

    private static IEnumerable<(string Path, object? Value, DecodeStatus Status)> OfArray(SchemaType type)
    {
        object?[] Repeat(int count) => [.. Enumerable.Range(0, count).Select(at => Smallest(type.Items[at % type.Items.Count]))];
        if (type.ItemsMax is { } most)
        {
            yield return (" at its limit", Repeat(most), DecodeStatus.Ok);
            yield return (" above its limit", Repeat(most + type.ItemsMultipleOf), DecodeStatus.OutOfRange);
        }

        if (type.ItemsMultipleOf > 1)
        {
            yield return (" of a wrong count", Repeat(type.ItemsMultipleOf + 1), DecodeStatus.OutOfRange);
        }

        for (int at = 0; at < type.Items.Count; at++)
        {
            foreach ((string path, object? item, DecodeStatus status) in Of(type.Items[at]))
            {
                object?[] items = Repeat(type.ItemsMultipleOf);
                items[type.Items.Count == 1 ? ^1 : at] = item;
                yield return ($"[{at}]{path}", items, status);
            }
        }
    }

    private static object?[] Smallest(IReadOnlyList<SchemaField> fields, int count) =>
        [.. fields.Take(count).Select(field => Smallest(field.Type))];

    private static object? Smallest(SchemaType type) => type.Name switch
    {
        "uint" => type.Const ?? 0UL,
        "str" => type.Const ?? string.Empty,
        "bin" => Array.Empty<byte>(),
        "nil" => null,
        "array" => Array.Empty<object?>(),
        "one_of" => Smallest(type.Alternatives[0]),
        _ => Smallest(type.Fields),
    };

    private static DecodeStatus StatusOfEmptyArray(IReadOnlyList<SchemaType> alternatives) =>
        alternatives.Any(one => one.Name == "array") ? DecodeStatus.Ok : DecodeStatus.OutOfRange;

    // The kind decides whether a payload is a string or bytes: the field that is not varied follows the one that is.
    private static void ChooseKind(IReadOnlyList<SchemaField> fields, object?[] body, int varied)
    {
        int kind = fields.ToList().FindIndex(field => field.Name == "kind");
        int payload = fields.ToList().FindIndex(field => field.Name == "payload");
        if (kind < 0 || payload < 0)
        {
            return;
        }

        if (varied == kind && body[kind] is 1UL or 2UL or 21UL)
        {
            body[payload] = Array.Empty<byte>();
        }
        else if (varied == payload && body[payload] is byte[])
        {
            body[kind] = 1UL;
        }
    }
}
