namespace RelayServer.UnitTests.Edge;

/// <summary>Tests that count all shared frames of the process run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FrameCountingCollection
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "counts shared frames";
}
