namespace RelayServer.Identity;

/// <summary>The names of roles in a token's claim <c>role</c>.</summary>
public static class TokenRoleName
{
    /// <summary>The claim.</summary>
    public const string Claim = "role";

    /// <summary>What the claim calls the role.</summary>
    /// <exception cref="ArgumentException">It is no role that a token may have.</exception>
    public static string Of(TokenRole role) => role switch
    {
        TokenRole.Viewer => "viewer",
        TokenRole.Member => "member",
        TokenRole.Service => "service",
        TokenRole.Operator => "operator",
        _ => throw new ArgumentException("it is no role that a token may have", nameof(role)),
    };

    /// <summary>The role of exactly this name; false when there is none.</summary>
    public static bool TryParse(string name, out TokenRole role)
    {
        foreach (TokenRole known in Enum.GetValues<TokenRole>())
        {
            if (string.Equals(Of(known), name, StringComparison.Ordinal))
            {
                role = known;
                return true;
            }
        }

        role = default;
        return false;
    }
}
