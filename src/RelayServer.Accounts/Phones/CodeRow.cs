namespace RelayServer.Accounts.Phones;

/// <summary>A row of <c>codes</c>.</summary>
internal sealed record CodeRow
{
    public string Phone { get; init; } = string.Empty;

    public string Label { get; init; } = string.Empty;

    public byte[] CodeHash { get; init; } = [];

    public long Tries { get; init; }

    public long? UsedAt { get; init; }

    public long ExpiresAt { get; init; }
}
