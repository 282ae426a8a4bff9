namespace RelayServer.Client;

/// <summary>
/// What a <see cref="RelaySubscription"/> yields. <see cref="RelayMessage"/> and <see cref="RelayGap"/> are all that a plain
/// chat room needs; the others tell of a room that is split, moderated or broadcast, and may be passed over.
/// </summary>
public abstract class RelayEvent
{
    private protected RelayEvent()
    {
    }

    /// <summary>The channel.</summary>
    public abstract string Channel { get; }

    /// <summary>What it counts in a <see cref="DeliveryQueue"/>: about its memory, so that a flood of small ones is bounded too.</summary>
    internal virtual int QueueBytes => 128;
}
