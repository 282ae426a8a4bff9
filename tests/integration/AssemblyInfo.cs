using RelayServer.IntegrationTests.Support;

[assembly: AssemblyFixture(typeof(PostgresServer))]
