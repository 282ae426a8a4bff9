using System.Text.Json;

namespace RelayServer.Identity;

/// <summary>
/// Checks what the token library is lenient about: a claim given twice, of which two readers may take different ones,
/// and a subject or role that is no text.
/// </summary>
internal static class TokenPayload
{
    private const int DepthMax = 16;

    private static readonly string[] Known = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", TokenRoleName.Claim];

    /// <summary>What is wrong with a decoded payload; null when nothing is.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
            return Read(ref reader);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return "The token's claims are not a JSON object.";
        }
    }

    private static string? Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "The token's claims are not a JSON object.";
        }

        int seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int claim = Array.IndexOf(Known, reader.GetString());
            reader.Read();
            if (claim >= 0)
            {
                if ((seen & (1 << claim)) != 0)
                {
                    return $"The token has \"{Known[claim]}\" twice.";
                }

                seen |= 1 << claim;
                if (Known[claim] is "sub" or "iss" or TokenRoleName.Claim && reader.TokenType != JsonTokenType.String)
                {
                    return $"The token's \"{Known[claim]}\" is not a text.";
                }
            }

            reader.Skip();
        }

        return null;
    }
}
