namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedRandomTests() : RandomContract(new EmbeddedHost());
