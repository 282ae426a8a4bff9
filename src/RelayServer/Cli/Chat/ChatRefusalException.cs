namespace RelayServer.Cli.Chat;

/// <summary>A command of a chat cannot be done, and the relay was not asked; the message says why.</summary>
internal sealed class ChatRefusalException(string message) : Exception(message);
