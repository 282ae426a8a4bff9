namespace RelayServer.Storage;

/// <summary>A migration that a database has.</summary>
internal sealed record AppliedMigration
{
    public long Number { get; init; }

    public string Name { get; init; } = string.Empty;

    public string Checksum { get; init; } = string.Empty;
}
