namespace RelayServer.Accounts.Accounts;

/// <summary>A row of <c>identities</c>.</summary>
internal sealed record IdentityRow
{
    public string IdentityId { get; init; } = string.Empty;

    public string Kind { get; init; } = string.Empty;

    public string UserId { get; init; } = string.Empty;

    public string Label { get; init; } = string.Empty;

    public string? Secret { get; init; }

    public long LinkedAt { get; init; }
}
