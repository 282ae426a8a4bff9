namespace RelayServer.Client;

/// <summary>What a <see cref="RelaySubscription"/> yields: a <see cref="RelayMessage"/> or a <see cref="RelayGap"/>.</summary>
public abstract class RelayEvent
{
    private protected RelayEvent()
    {
    }

    /// <summary>The channel.</summary>
    public abstract string Channel { get; }
}
