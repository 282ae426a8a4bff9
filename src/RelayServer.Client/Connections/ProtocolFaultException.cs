namespace RelayServer.Client;

/// <summary>The server broke the protocol, or something was lost on the way: the connection is of no more use.</summary>
internal sealed class ProtocolFaultException(string message) : Exception(message);
