namespace RelayServer.IntegrationTests.Fabric;

public sealed class EmbeddedRecordTests() : RecordContract(new EmbeddedHost());
