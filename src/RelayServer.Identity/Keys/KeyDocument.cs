using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using RelayServer.Guards;

namespace RelayServer.Identity;

/// <summary>The written form of a key: a JSON Web Key (RFC 7517), or PEM for an ES256 key made elsewhere.</summary>
internal static class KeyDocument
{
    private const string PemMark = "-----BEGIN ";

    /// <summary>Reads a key; <paramref name="id"/>, when given, is used instead of the one in the document.</summary>
    public static SigningKey Parse(string text, string? id) =>
        text.AsSpan().TrimStart().StartsWith(PemMark, StringComparison.Ordinal) ? ParsePem(text, id) : ParseJwk(text, id);

    /// <summary>Writes a key as JWK, with everything that it has.</summary>
    public static byte[] Write(SigningKey key)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            Write(json, key);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Writes a key as one object.</summary>
    public static void Write(Utf8JsonWriter json, SigningKey key)
    {
        json.WriteStartObject();
        json.WriteString("kid", key.Id);
        json.WriteString("alg", key.Algorithm.ToString());
        json.WriteString("use", "sig");
        if (key.SecurityKey is JsonWebKey jwk)
        {
            json.WriteString("kty", jwk.Kty);
            json.WriteString("crv", jwk.Crv);
            json.WriteString("x", jwk.X);
            json.WriteString("y", jwk.Y);
            if (jwk.D is not null)
            {
                json.WriteString("d", jwk.D);
            }
        }
        else
        {
            json.WriteString("kty", JsonWebAlgorithmsKeyTypes.Octet);
            json.WriteString("k", Base64UrlEncoder.Encode(((SymmetricSecurityKey)key.SecurityKey).Key));
        }

        json.WriteEndObject();
    }

    private static SigningKey ParsePem(string text, string? id)
    {
        if (id is null)
        {
            throw new KeyException("a PEM file does not carry a key id; configure one");
        }

        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            throw new KeyException("the PEM text is not one unencrypted elliptic-curve key", problem);
        }

        return SigningKey.FromEcdsa(id, key);
    }

    private static SigningKey ParseJwk(string text, string? id)
    {
        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new KeyException("the file is neither a JSON Web Key nor PEM");
        }

        return ParseJwk(root, id);
    }

    /// <summary>Reads a key that is one object.</summary>
    public static SigningKey ParseJwk(JsonElement root, string? id)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new KeyException("the file is JSON but not a JSON Web Key");
        }

        id ??= JsonText.Find(root, "kid") ?? throw new KeyException("the key has no \"kid\"; add one or configure the key id");
        if (JsonText.Find(root, "use") is { } use && use != "sig")
        {
            throw new KeyException("the key is not for signatures (\"use\" is not \"sig\")");
        }

        SigningKey key = JsonText.Find(root, "kty") switch
        {
            JsonWebAlgorithmsKeyTypes.Octet => SigningKey.FromSecret(id, Bytes(root, "k")),
            JsonWebAlgorithmsKeyTypes.EllipticCurve => ParseCurve(root, id),
            _ => throw new KeyException("the key's \"kty\" is not \"oct\" (HS256) or \"EC\" (ES256)"),
        };
        return JsonText.Find(root, "alg") is { } algorithm && algorithm != key.Algorithm.ToString()
            ? throw new KeyException($"the key's \"alg\" is not {key.Algorithm}, which its type asks for")
            : key;
    }

    private static SigningKey ParseCurve(JsonElement root, string id)
    {
        if (JsonText.Find(root, "crv") != JsonWebKeyECTypes.P256)
        {
            throw new KeyException("an ES256 key must be on the curve P-256");
        }

        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Bytes(root, "x"), Y = Bytes(root, "y") },
            D = root.TryGetProperty("d", out _) ? Bytes(root, "d") : null,
        };
        try
        {
            using var key = ECDsa.Create(parameters);
            return SigningKey.FromEcdsa(id, key);
        }
        catch (CryptographicException problem)
        {
            throw new KeyException("the key's numbers are not a point of P-256", problem);
        }
    }

    private static byte[] Bytes(JsonElement root, string name)
    {
        string text = JsonText.Find(root, name) ?? throw new KeyException($"the key has no \"{name}\"");
        try
        {
            return System.Buffers.Text.Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw new KeyException($"the key's \"{name}\" is not base64url");
        }
    }
}
