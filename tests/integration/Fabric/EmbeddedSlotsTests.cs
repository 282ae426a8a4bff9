namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedSlotsTests() : SlotsContract(new EmbeddedHost());
