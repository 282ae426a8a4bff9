using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace RelayServer.Identity;

/// <summary>
/// One key that signs or checks tokens. The key has exactly one algorithm; what a token's header says is compared with
/// it and never chooses.
/// </summary>
public sealed class SigningKey
{
    /// <summary>The least secret an HS256 key may have, in bytes: the length of the hash (RFC 7518, 3.2).</summary>
    public const int SecretBytesMin = 32;

    /// <summary>The longest key id, in characters.</summary>
    public const int IdCharactersMax = 128;

    private SigningKey(string id, TokenAlgorithm algorithm, SecurityKey key, bool canSign)
    {
        Id = id;
        Algorithm = algorithm;
        SecurityKey = key;
        CanSign = canSign;
        key.KeyId = id;
    }

    /// <summary>The key id (<c>kid</c>) that tokens name it by.</summary>
    public string Id { get; }

    /// <summary>Its one algorithm.</summary>
    public TokenAlgorithm Algorithm { get; }

    /// <summary>False for a public key, which can check tokens only.</summary>
    public bool CanSign { get; }

    internal SecurityKey SecurityKey { get; }

    /// <summary>A new random HS256 key.</summary>
    public static SigningKey CreateHs256(string id) =>
        FromSecret(id, RandomNumberGenerator.GetBytes(SecretBytesMin));

    /// <summary>A new random ES256 key pair.</summary>
    public static SigningKey CreateEs256(string id)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return FromEcdsa(id, pair);
    }

    /// <summary>An HS256 key.</summary>
    /// <exception cref="KeyException">The secret is shorter than <see cref="SecretBytesMin"/>, or the id is not usable.</exception>
    public static SigningKey FromSecret(string id, ReadOnlySpan<byte> secret)
    {
        CheckId(id);
        if (secret.Length < SecretBytesMin)
        {
            throw new KeyException($"an HS256 key needs at least {SecretBytesMin} bytes of secret; this one has {secret.Length}");
        }

        return new SigningKey(id, TokenAlgorithm.HS256, new SymmetricSecurityKey(secret.ToArray()), canSign: true);
    }

    /// <summary>An ES256 key; it can sign when <paramref name="key"/> has its private half.</summary>
    /// <exception cref="KeyException">The key is not on P-256, or the id is not usable.</exception>
    public static SigningKey FromEcdsa(string id, ECDsa key)
    {
        CheckId(id);
        ArgumentNullException.ThrowIfNull(key);
        ECParameters parameters = ExportAll(key);
        if (parameters.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            throw new KeyException("an ES256 key must be on the curve P-256");
        }

        // A JsonWebKey, not the ECDsa object: the library then makes one ECDsa per pooled verifier, so that no native
        // handle is shared between threads.
        var jwk = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(parameters.Q.X!),
            Y = Base64UrlEncoder.Encode(parameters.Q.Y!),
            D = parameters.D is null ? null : Base64UrlEncoder.Encode(parameters.D),
        };
        return new SigningKey(id, TokenAlgorithm.ES256, jwk, parameters.D is not null);
    }

    /// <summary>Reads a JSON Web Key.</summary>
    /// <exception cref="KeyException">It is none.</exception>
    public static SigningKey Parse(string jwk) => KeyDocument.Parse(jwk, null);

    /// <summary>The key as JSON Web Key, with everything that it has: for a private key, its secret, too.</summary>
    public byte[] Export() => KeyDocument.Write(this);

    /// <summary>The same key without its private half.</summary>
    /// <exception cref="KeyException">It is an HS256 key, which has no public half.</exception>
    public SigningKey WithoutPrivateHalf()
    {
        if (SecurityKey is not JsonWebKey jwk)
        {
            throw new KeyException("an HS256 key has no public half; use an ES256 key to let edges check tokens without being able to make them");
        }

        var half = new JsonWebKey { Kty = jwk.Kty, Crv = jwk.Crv, X = jwk.X, Y = jwk.Y };
        return new SigningKey(Id, Algorithm, half, canSign: false);
    }

    private static ECParameters ExportAll(ECDsa key)
    {
        try
        {
            return key.ExportParameters(includePrivateParameters: true);
        }
        catch (CryptographicException)
        {
            return key.ExportParameters(includePrivateParameters: false);
        }
    }

    private static void CheckId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length is 0 or > IdCharactersMax || id.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new KeyException($"a key id has 1 to {IdCharactersMax} visible ASCII characters");
        }
    }
}
