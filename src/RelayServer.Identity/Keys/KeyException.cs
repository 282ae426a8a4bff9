namespace RelayServer.Identity;

/// <summary>A key that cannot be used. The message says why and what to do, and never holds key material.</summary>
public sealed class KeyException : Exception
{
    /// <summary>Makes one.</summary>
    public KeyException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with its cause.</summary>
    public KeyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
