namespace RelayServer.Bench.Load.Publishing;

/// <summary>What publishers are made of.</summary>
internal enum PublisherKind
{
    /// <summary>The client library.</summary>
    Client,

    /// <summary>Bare frames on one thread: less work for the generator.</summary>
    Raw,
}
