namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedFlushTests() : FlushContract(new EmbeddedHost());
