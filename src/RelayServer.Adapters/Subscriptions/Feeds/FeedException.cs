namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>A feed that cannot be read. The message is for the operator, and holds nothing of what the feed says.</summary>
internal sealed class FeedException : Exception
{
    public FeedException(string message)
        : base(message)
    {
    }

    public FeedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
