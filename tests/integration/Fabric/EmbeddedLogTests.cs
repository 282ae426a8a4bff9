namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedLogTests() : LogContract(new EmbeddedHost());
