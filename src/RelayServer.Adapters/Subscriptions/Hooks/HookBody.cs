using System.Text.Json;
using RelayServer.Guards;

namespace RelayServer.Adapters.Subscriptions.Hooks;

/// <summary>Reads what is posted.</summary>
internal static class HookBody
{
    /// <summary>Reads a body.</summary>
    /// <exception cref="FormatException">It cannot be taken; the message is for its sender.</exception>
    public static ItemDraft Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonText.Parse(json, HookLimits.DepthMax);
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
        catch (JsonException problem)
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

        string text = JsonText.Read(value) ?? throw new FormatException($"{name} must be text");
        return isRequired && string.IsNullOrWhiteSpace(text) ? throw new FormatException($"{name} is empty") : text;
    }

    private static string[] ListOf(JsonElement root)
    {
        if (!root.TryGetProperty("subjects", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        string[] subjects = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(JsonText.Read).OfType<string>()] : [];
        return value.ValueKind == JsonValueKind.Array && subjects.Length == value.GetArrayLength() && subjects.Length <= ItemDraft.SubjectsMax
            ? subjects
            : throw new FormatException($"subjects must be a list of at most {ItemDraft.SubjectsMax} texts");
    }
}
