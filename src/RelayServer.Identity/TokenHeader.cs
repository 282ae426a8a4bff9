using System.Text.Json;

namespace RelayServer.Identity;

/// <summary>
/// The first part of a token, read strictly: what it may say is listed here, and everything that tries to bring a key,
/// an algorithm or an extension of its own is refused by name.
/// </summary>
/// <param name="Algorithm">The claimed algorithm, to be compared with the key's.</param>
/// <param name="KeyId">The key id.</param>
public readonly record struct TokenHeader(string Algorithm, string KeyId)
{
    private static readonly string[] Refused = ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "zip", "enc", "b64"];

    /// <summary>Reads a decoded header.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="header">What it says.</param>
    /// <param name="problem">What is wrong with it; empty when it is fine. Names only fields of the list above.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out TokenHeader header, out string problem)
    {
        header = default;
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 2 });
            return TryRead(ref reader, out header, out problem);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            problem = "The token's header is not a flat JSON object.";
            return false;
        }
    }

    private static bool TryRead(ref Utf8JsonReader reader, out TokenHeader header, out string problem)
    {
        header = default;
        string? algorithm = null;
        string? keyId = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "The token's header is not a flat JSON object.";
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (Refused.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                problem = $"The token's header has \"{name.ToLowerInvariant()}\", which is not accepted.";
                return false;
            }

            reader.Read();
            bool repeated = name switch
            {
                "alg" => algorithm is not null,
                "kid" => keyId is not null,
                _ => false,
            };
            if (repeated || (name == "typ" && !IsTokenType(reader.GetString())))
            {
                problem = repeated ? $"The token's header has \"{name}\" twice." : "The token's \"typ\" is not JWT.";
                return false;
            }

            switch (name)
            {
                case "alg":
                    algorithm = reader.GetString();
                    break;
                case "kid":
                    keyId = reader.GetString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (algorithm is null || string.IsNullOrEmpty(keyId))
        {
            problem = algorithm is null ? "The token's header has no \"alg\"." : "The token's header has no \"kid\".";
            return false;
        }

        header = new TokenHeader(algorithm, keyId);
        problem = string.Empty;
        return true;
    }

    private static bool IsTokenType(string? type) =>
        string.Equals(type, "JWT", StringComparison.OrdinalIgnoreCase)
        || string.Equals(type, "at+jwt", StringComparison.OrdinalIgnoreCase);
}
