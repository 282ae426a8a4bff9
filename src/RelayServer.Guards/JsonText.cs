using System.Text.Json;

namespace RelayServer.Guards;

/// <summary>
/// Reads JSON that others wrote. A text or a name with half of a surrogate pair is well-formed JSON and no text; the library throws at it what
/// nobody who reads documents of others expects.
/// </summary>
public static class JsonText
{
    /// <summary>A document in which each name is a text, and is in its object once.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, int depthMax)
    {
        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = depthMax, AllowDuplicateProperties = false });
        }
        catch (InvalidOperationException noText)
        {
            throw new JsonException("a name is no text", noText);
        }
    }

    /// <summary>The text that an object has under a name; null when there is none.</summary>
    public static string? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? Read(value) : null;

    /// <summary>A text; null when it is none.</summary>
    public static string? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
