namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedDropTests() : DropContract(new EmbeddedHost());
