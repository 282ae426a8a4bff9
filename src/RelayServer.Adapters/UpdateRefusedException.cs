namespace RelayServer.Adapters;

/// <summary>The relay refuses an update and would refuse it again.</summary>
public sealed class UpdateRefusedException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">Why, for people.</param>
    /// <param name="innerException">What the client said.</param>
    public UpdateRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
