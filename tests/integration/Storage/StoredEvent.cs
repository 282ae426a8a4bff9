namespace RelayServer.IntegrationTests.Storage;

internal sealed record StoredEvent
{
    public long Number { get; init; }

    public double Weight { get; init; }

    public long? SaidAt { get; init; }
}
