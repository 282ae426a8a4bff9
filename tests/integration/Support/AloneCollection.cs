namespace RelayServer.IntegrationTests.Support;

/// <summary>Tests that count what the whole process does: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "alone";
}
