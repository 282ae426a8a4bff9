using System.Text.Json;
using RelayServer.Guards;

namespace RelayServer.Identity;

/// <summary>The list of revoked sign-ins as it is published: <c>{"sessions":["…"]}</c>.</summary>
public static class RevocationDocument
{
    private const string Sessions = "sessions";
    private const int DepthMax = 4;

    /// <summary>Writes it.</summary>
    public static byte[] Write(IEnumerable<string> sessions) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, IEnumerable<string>> { [Sessions] = sessions });

    /// <summary>Reads it.</summary>
    /// <exception cref="KeyException">It is no such list.</exception>
    public static IReadOnlyList<string> Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonText.Parse(utf8, DepthMax);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(Sessions, out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(item => JsonText.Read(item) ?? throw new KeyException("it lists what is no text"))]
                : throw new KeyException("it is no list of revocations");
        }
        catch (JsonException broken)
        {
            throw new KeyException("it is no JSON", broken);
        }
    }
}
