namespace RelayServer.Protocol;

/// <summary>What has come to pass with a subscription.</summary>
public enum SubscriptionEvent : byte
{
    /// <summary>It ends before long.</summary>
    EndsSoon = 1,

    /// <summary>Its time was over.</summary>
    Ended = 2,
}
