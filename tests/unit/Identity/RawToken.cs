using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RelayServer.UnitTests.Identity;

/// <summary>Puts tokens together by hand, so that the tests can make those that no library makes.</summary>
internal static class RawToken
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "relay";
    public const string KeyId = "k1";

    /// <summary>A header.</summary>
    public static Dictionary<string, object?> Header(string algorithm = "HS256") => new() { ["alg"] = algorithm, ["kid"] = KeyId, ["typ"] = "JWT" };

    /// <summary>Claims that are good for an hour from <see cref="FixedTime.Start"/>.</summary>
    public static Dictionary<string, object?> Claims() => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "alice",
        ["exp"] = FixedTime.Start.AddHours(1).ToUnixTimeSeconds(),
    };

    /// <summary>A token signed with HMAC-SHA-256, whatever its header says.</summary>
    public static string SignHs256(Dictionary<string, object?> header, Dictionary<string, object?> claims, byte[] secret) =>
        SignHs256(JsonSerializer.Serialize(header), JsonSerializer.Serialize(claims), secret);

    /// <summary>A token signed with HMAC-SHA-256, whatever its header says.</summary>
    public static string SignHs256(string header, string claims, byte[] secret)
    {
        string signed = Encode(header) + "." + Encode(claims);
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>A token signed with ECDSA and SHA-256.</summary>
    public static string SignEs256(Dictionary<string, object?> header, Dictionary<string, object?> claims, ECDsa key)
    {
        string signed = Encode(JsonSerializer.Serialize(header)) + "." + Encode(JsonSerializer.Serialize(claims));
        return signed + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    /// <summary>One part of a token.</summary>
    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
