namespace RelayServer.IntegrationTests.Rooms;

/// <summary>Tests that restart a relay, and share the relays that they restart.</summary>
[CollectionDefinition(Name)]
public sealed class RestartCollection : ICollectionFixture<RestartableRelays>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "restarts";
}
