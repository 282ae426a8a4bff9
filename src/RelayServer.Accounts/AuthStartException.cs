namespace RelayServer.Accounts;

/// <summary>The authentication server cannot start. The message names the setting and says what to do.</summary>
public sealed class AuthStartException : Exception
{
    /// <summary>Makes one.</summary>
    public AuthStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
