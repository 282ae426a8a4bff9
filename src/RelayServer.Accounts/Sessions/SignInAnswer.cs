namespace RelayServer.Accounts.Sessions;

/// <summary>What a sign-in or a refresh is answered with.</summary>
internal sealed record SignInAnswer
{
    public required string UserId { get; init; }

    public required string AccessToken { get; init; }

    public string TokenType { get; init; } = "Bearer";

    public required long ExpiresIn { get; init; }

    public required string RefreshToken { get; init; }

    public required long RefreshExpiresIn { get; init; }

    public required IReadOnlyList<string> Consents { get; init; }

    public bool IsNewAccount { get; init; }
}
