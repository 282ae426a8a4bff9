using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using RelayServer.Guards;

namespace RelayServer.Accounts.Providers;

/// <summary>Reads what providers publish: the discovery document and the key set. Keys that cannot be used are left out.</summary>
internal static class ProviderKeyDocument
{
    internal const int KeysMax = 64;
    private const int RsaBytesMin = 256;
    private const int RsaBytesMax = 1024;
    private const int RsaExponentBytesMax = 4;
    private const int CoordinateBytes = 32;
    private const int DepthMax = 16;

    /// <summary>Where the key set is.</summary>
    /// <exception cref="FormatException">The document is not that of this issuer.</exception>
    public static Uri ReadDiscovery(ReadOnlyMemory<byte> utf8, string issuer)
    {
        using JsonDocument document = Parse(utf8);
        if (JsonText.Find(document.RootElement, "issuer") != issuer)
        {
            throw new FormatException("its discovery document is of another issuer");
        }

        return Uri.TryCreate(JsonText.Find(document.RootElement, "jwks_uri"), UriKind.Absolute, out Uri? address)
            ? address
            : throw new FormatException("its discovery document has no jwks_uri");
    }

    /// <summary>The keys.</summary>
    /// <exception cref="FormatException">It is no key set.</exception>
    public static IReadOnlyList<ProviderKey> ReadKeys(ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument document = Parse(utf8);
        if (!document.RootElement.TryGetProperty("keys", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > KeysMax)
        {
            throw new FormatException($"its key set is none, or has more than {KeysMax} keys");
        }

        return [.. list.EnumerateArray().Select(ReadKey).OfType<ProviderKey>().DistinctBy(key => key.Id)];
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var document = JsonText.Parse(utf8, DepthMax);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new FormatException("it publishes what is no JSON object");
    }

    private static ProviderKey? ReadKey(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || JsonText.Find(element, "kid") is not { Length: > 0 and <= 256 } id || (JsonText.Find(element, "use") ?? "sig") != "sig")
        {
            return null;
        }

        ProviderKey? key = JsonText.Find(element, "kty") switch
        {
            "RSA" => ReadRsa(element, id),
            "EC" => ReadCurve(element, id),
            _ => null,
        };
        return key is not null && (JsonText.Find(element, "alg") ?? key.Algorithm) == key.Algorithm ? key : null;
    }

    private static ProviderKey? ReadRsa(JsonElement element, string id)
    {
        byte[]? modulus = Bytes(element, "n");
        byte[]? exponent = Bytes(element, "e");
        return modulus is { Length: >= RsaBytesMin and <= RsaBytesMax } && exponent is { Length: > 0 and <= RsaExponentBytesMax }
            ? new ProviderKey(id, SecurityAlgorithms.RsaSha256, new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = exponent }) { KeyId = id })
            : null;
    }

    private static ProviderKey? ReadCurve(JsonElement element, string id)
    {
        if (JsonText.Find(element, "crv") != JsonWebKeyECTypes.P256
            || Bytes(element, "x") is not { Length: CoordinateBytes } x || Bytes(element, "y") is not { Length: CoordinateBytes } y)
        {
            return null;
        }

        try
        {
            // Refuses what is no point of the curve.
            using var probe = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
        }
        catch (CryptographicException)
        {
            return null;
        }

        var key = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv = JsonWebKeyECTypes.P256, X = Base64UrlEncoder.Encode(x), Y = Base64UrlEncoder.Encode(y), KeyId = id,
        };
        return new ProviderKey(id, SecurityAlgorithms.EcdsaSha256, key);
    }

    private static byte[]? Bytes(JsonElement element, string name) =>
        JsonText.Find(element, name) is { } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
