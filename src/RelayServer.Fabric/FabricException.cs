namespace RelayServer.Fabric;

/// <summary>The fabric cannot do what was asked, and trying again alone will not help; the message says what will.</summary>
public class FabricException : Exception
{
    /// <summary>An error without a text.</summary>
    public FabricException()
    {
    }

    /// <summary>An error with a text that says what to do.</summary>
    public FabricException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a text that says what to do, and its cause.</summary>
    public FabricException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
