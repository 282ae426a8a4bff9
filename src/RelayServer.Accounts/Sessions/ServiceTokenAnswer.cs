namespace RelayServer.Accounts.Sessions;

/// <summary>What a request for a service's token is answered with.</summary>
internal sealed record ServiceTokenAnswer
{
    public required string AccessToken { get; init; }

    public string TokenType { get; init; } = "Bearer";

    public required long ExpiresIn { get; init; }

    public required string Subject { get; init; }
}
