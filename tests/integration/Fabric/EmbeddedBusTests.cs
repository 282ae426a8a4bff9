namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedBusTests() : BusContract(new EmbeddedHost());
