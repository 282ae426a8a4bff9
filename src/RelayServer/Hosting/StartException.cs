namespace RelayServer.Hosting;

/// <summary>The relay cannot start. The message is one line for the operator: what is wrong, and what to do.</summary>
internal sealed class StartException : Exception
{
    public StartException(string message)
        : base(message)
    {
    }

    public StartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
