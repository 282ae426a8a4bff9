namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedTrimTests() : TrimContract(new EmbeddedHost());
