using System.Text.Json;

namespace RelayServer.Identity;

/// <summary>
/// Reads what the token library is lenient about: a claim given twice, of which two readers may take different ones,
/// a subject or role that is no text, and the claims about services, exactly.
/// </summary>
/// <param name="Service">The claim <c>service</c>; null when it is not there.</param>
/// <param name="Consents">The claim <c>consents</c>; null when it is not there.</param>
/// <param name="SessionId">The claim <c>sid</c>; null when it is not there.</param>
internal readonly record struct TokenPayload(string? Service, IReadOnlyList<string>? Consents, string? SessionId)
{
    public const string SessionClaim = "sid";
    public const int SessionCharactersMax = 128;

    private const int DepthMax = 16;
    private const string NoObject = "The token's claims are not a JSON object.";

    private static readonly string[] Known =
    [
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", TokenRoleName.Claim, TokenServiceName.ServiceClaim, TokenServiceName.ConsentsClaim, SessionClaim,
    ];

    /// <summary>Reads a decoded payload.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="problem">What is wrong with it; empty when nothing is.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out TokenPayload payload, out string problem)
    {
        payload = default;
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
            problem = Read(ref reader, ref payload) ?? string.Empty;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            problem = NoObject;
        }

        return problem.Length == 0;
    }

    /// <summary>True when it may be the id of a sign-in.</summary>
    public static bool IsSessionId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= SessionCharactersMax && !id.ContainsAnyExceptInRange('!', '~');

    private static string? Read(ref Utf8JsonReader reader, ref TokenPayload payload)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return NoObject;
        }

        int seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int claim = Array.IndexOf(Known, reader.GetString());
            reader.Read();
            if (claim < 0)
            {
                reader.Skip();
                continue;
            }

            if ((seen & (1 << claim)) != 0)
            {
                return $"The token has \"{Known[claim]}\" twice.";
            }

            seen |= 1 << claim;
            if (ReadClaim(ref reader, Known[claim], ref payload) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? ReadClaim(ref Utf8JsonReader reader, string claim, ref TokenPayload payload)
    {
        if (claim is "sub" or "iss" or TokenRoleName.Claim or TokenServiceName.ServiceClaim or SessionClaim && reader.TokenType != JsonTokenType.String)
        {
            return $"The token's \"{claim}\" is not a text.";
        }

        switch (claim)
        {
            case TokenServiceName.ServiceClaim:
                payload = payload with { Service = reader.GetString() };
                return TokenServiceName.IsValid(payload.Service) ? null : "The token's \"service\" is no name of a service.";
            case SessionClaim:
                payload = payload with { SessionId = reader.GetString() };
                return IsSessionId(payload.SessionId) ? null : "The token's \"sid\" is no id of a sign-in.";
            case TokenServiceName.ConsentsClaim:
                return ReadConsents(ref reader, ref payload);
            default:
                reader.Skip();
                return null;
        }
    }

    private static string? ReadConsents(ref Utf8JsonReader reader, ref TokenPayload payload)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return "The token's \"consents\" is not a list.";
        }

        List<string> names = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (names.Count == TokenServiceName.ConsentsMax)
            {
                return $"The token's \"consents\" has more than {TokenServiceName.ConsentsMax} services.";
            }

            if (reader.TokenType != JsonTokenType.String || reader.GetString() is not { } name || !TokenServiceName.IsValid(name))
            {
                return "The token's \"consents\" has what is no name of a service.";
            }

            names.Add(name);
        }

        payload = payload with { Consents = names };
        return null;
    }
}
