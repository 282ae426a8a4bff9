namespace RelayServer.IntegrationTests.Storage;

internal sealed record StoredRow
{
    public string Name { get; init; } = string.Empty;

    public long Value { get; init; }

    public byte[]? Content { get; init; }
}
