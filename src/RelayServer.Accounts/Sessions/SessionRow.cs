namespace RelayServer.Accounts.Sessions;

/// <summary>A row of <c>sessions</c>.</summary>
internal sealed record SessionRow
{
    public string SessionId { get; init; } = string.Empty;

    public string UserId { get; init; } = string.Empty;

    public byte[] Seed { get; init; } = [];

    public long Generation { get; init; }

    public long RotatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? RevokedAt { get; init; }
}
