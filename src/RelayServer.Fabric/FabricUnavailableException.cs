namespace RelayServer.Fabric;

/// <summary>The fabric cannot be reached or did not answer in time. Trying again later is right.</summary>
public sealed class FabricUnavailableException : FabricException
{
    /// <summary>An error without a text.</summary>
    public FabricUnavailableException()
    {
    }

    /// <summary>An error with a text.</summary>
    public FabricUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a text and its cause.</summary>
    public FabricUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
