using System.Globalization;
using System.Text.Json;
using RelayServer.Guards;

namespace RelayServer.Http.Admin;

/// <summary>
/// The members of a JSON object, each taken once by its name. The first thing that is wrong is kept and said at the end,
/// so that a reader need not look at every step.
/// </summary>
internal sealed class JsonArguments
{
    private readonly Dictionary<string, JsonElement> _members;

    private JsonArguments(Dictionary<string, JsonElement> members) => _members = members;

    /// <summary>What is wrong; null when nothing is so far.</summary>
    public string? Problem { get; private set; }

    /// <summary>Names that nobody has taken yet.</summary>
    public IReadOnlyCollection<string> Left => _members.Keys;

    /// <summary>Reads an object; no bytes at all are one without members. Null, and why, when it is none.</summary>
    public static JsonArguments? Parse(ReadOnlyMemory<byte> body, out string? problem)
    {
        problem = null;
        if (body.IsEmpty)
        {
            return new JsonArguments([]);
        }

        try
        {
            using JsonDocument document = JsonText.Parse(body, AdminLimits.DepthMax);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new JsonArguments(document.RootElement.Clone().EnumerateObject().ToDictionary(member => member.Name, member => member.Value));
            }
        }
        catch (JsonException)
        {
            // Syntax, depth, a name twice or one that is no text.
        }

        problem = "the body is not one JSON object in UTF-8, with each name once";
        return null;
    }

    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>A text; the fallback, when there is one, where it is absent.</summary>
    public string Text(string name, string? fallback = null)
    {
        if (!_members.Remove(name, out JsonElement value))
        {
            return fallback ?? Fail($"{name} is missing", string.Empty);
        }

        return JsonText.Read(value) ?? Fail($"{name} is a text, in Unicode", string.Empty);
    }

    /// <summary>A list of texts; none where it is absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!_members.Remove(name, out JsonElement value))
        {
            return [];
        }

        var texts = new List<string>();
        bool isList = value.ValueKind == JsonValueKind.Array;
        foreach (JsonElement element in isList ? value.EnumerateArray() : default)
        {
            string? text = JsonText.Read(element);
            isList &= text is not null;
            texts.Add(text ?? string.Empty);
        }

        return isList ? texts : Fail<IReadOnlyList<string>>($"{name} is a list of texts, in Unicode", []);
    }

    /// <summary>
    /// A whole number, also as a text of digits: not every language's numbers hold 64 bits. The fallback, when there is
    /// one, where it is absent or null.
    /// </summary>
    public ulong Number(string name, ulong max, ulong? fallback = null)
    {
        if (!_members.Remove(name, out JsonElement value) || (value.ValueKind == JsonValueKind.Null && fallback is not null))
        {
            return fallback ?? Fail($"{name} is missing", 0UL);
        }

        return TryReadNumber(value, out ulong number) && number <= max ? number : Fail($"{name} is a number from 0 to {max}", 0UL);
    }

    /// <summary>Whatever it is; only for a name that <see cref="Left"/> has.</summary>
    public JsonElement Take(string name)
    {
        _members.Remove(name, out JsonElement value);
        return value;
    }

    /// <summary>Notes what is wrong, unless something was before.</summary>
    public T Fail<T>(string problem, T value)
    {
        Problem ??= problem;
        return value;
    }

    /// <summary>Says that names nobody has taken are wrong.</summary>
    public string? Finish()
    {
        if (_members.Count > 0)
        {
            // Not the name itself: it may be anything.
            Problem ??= $"the body has {_members.Count} names that do not belong here";
        }

        return Problem;
    }

    internal static bool TryReadNumber(JsonElement value, out ulong number)
    {
        number = 0;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetUInt64(out number),
            JsonValueKind.String => ulong.TryParse(JsonText.Read(value), NumberStyles.None, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }
}
