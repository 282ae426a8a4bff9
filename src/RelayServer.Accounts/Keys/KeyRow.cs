namespace RelayServer.Accounts.Keys;

/// <summary>A row of <c>signing_keys</c>.</summary>
internal sealed record KeyRow
{
    public string KeyId { get; init; } = string.Empty;

    public long ActiveFrom { get; init; }

    public byte[] SealedKey { get; init; } = [];
}
