using System.Buffers;
using System.Text.Json;
using RelayServer.Guards;

namespace RelayServer.Identity;

/// <summary>A JSON Web Key Set (RFC 7517, 5): the public keys of an issuer.</summary>
public static class KeySetDocument
{
    /// <summary>The most keys that are read.</summary>
    public const int KeysMax = 32;

    private const int DepthMax = 8;

    /// <summary>Writes public halves.</summary>
    /// <exception cref="KeyException">A key has no public half.</exception>
    public static byte[] Write(IEnumerable<SigningKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (SigningKey key in keys)
            {
                KeyDocument.Write(json, key.WithoutPrivateHalf());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the ES256 keys of a set. Keys of other kinds, and those that are broken, are left out: an issuer may have some for others.</summary>
    /// <exception cref="KeyException">It is no key set, or has more than <see cref="KeysMax"/> keys.</exception>
    public static IReadOnlyList<SigningKey> Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonText.Parse(utf8, DepthMax);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("keys", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            {
                throw new KeyException("it is no key set");
            }

            if (list.GetArrayLength() > KeysMax)
            {
                throw new KeyException($"it has more than {KeysMax} keys");
            }

            return [.. list.EnumerateArray().Select(TryParse).OfType<SigningKey>().DistinctBy(key => key.Id)];
        }
        catch (JsonException broken)
        {
            throw new KeyException("it is no JSON", broken);
        }
    }

    private static SigningKey? TryParse(JsonElement element)
    {
        try
        {
            SigningKey key = KeyDocument.ParseJwk(element, null);

            // A secret that is published is none.
            return key is { Algorithm: TokenAlgorithm.ES256, CanSign: false } ? key : null;
        }
        catch (KeyException)
        {
            return null;
        }
    }
}
