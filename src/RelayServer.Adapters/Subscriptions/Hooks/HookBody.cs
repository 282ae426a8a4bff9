using System.Text.Json;

namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>Reads what is posted.</summary>
internal static class HookBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = HookLimits.DepthMax, AllowDuplicateProperties = false };

    /// <summary>Reads a body.</summary>
    /// <exception cref="FormatException">It cannot be taken; the message is for its sender.</exception>
    public static ItemDraft Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("the body must be a JSON object");
            }

            string id = TextOf(root, "id", isRequired: true);
            return id.Length > ItemDraft.IdCharactersMax
                ? throw new FormatException($"id must not be longer than {ItemDraft.IdCharactersMax} characters")
                : new ItemDraft(id, TextOf(root, "title", isRequired: true), TextOf(root, "text"), TextOf(root, "link"), TextOf(root, "image"), ListOf(root));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new FormatException("the body is not JSON", problem);
        }
    }

    private static string TextOf(JsonElement root, string name, bool isRequired = false)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return isRequired ? throw new FormatException($"{name} is missing") : string.Empty;
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"{name} must be text");
        return isRequired && string.IsNullOrWhiteSpace(text) ? throw new FormatException($"{name} is empty") : text;
    }

    private static IReadOnlyList<string> ListOf(JsonElement root)
    {
        if (!root.TryGetProperty("subjects", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > ItemDraft.SubjectsMax
            || value.EnumerateArray().Any(subject => subject.ValueKind != JsonValueKind.String))
        {
            throw new FormatException($"subjects must be a list of at most {ItemDraft.SubjectsMax} texts");
        }

        return [.. value.EnumerateArray().Select(subject => subject.GetString()!)];
    }
}
