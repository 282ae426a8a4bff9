namespace RelayServer.Bench;

/// <summary>The run cannot be done; the message says why and what to do, without a stack trace.</summary>
public sealed class BenchException : Exception
{
    /// <summary>Without a reason.</summary>
    public BenchException()
    {
    }

    /// <summary>With a reason.</summary>
    public BenchException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and what it came from.</summary>
    public BenchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
