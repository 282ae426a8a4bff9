namespace RelayServer.Client;

/// <summary>What a <see cref="DeliveryCursor"/> makes of something that arrived.</summary>
internal enum DeliveryVerdict
{
    /// <summary>It follows on what we have, perhaps with an overlap.</summary>
    New,

    /// <summary>We have all of it.</summary>
    Duplicate,

    /// <summary>Something between is missing and nobody said so.</summary>
    Hole,
}
