namespace RelayServer.Protocol;

/// <summary>Optional parts of the protocol, offered in HELLO and settled in WELCOME. Unknown names are ignored.</summary>
[Flags]
public enum Capabilities : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>ephemeral</c>: the peer sends or takes messages that are not logged.</summary>
    Ephemeral = 1,

    /// <summary>
    /// <c>rooms</c>: the peer knows the state of rooms: controls, queries, counts, reactions, observation and what a
    /// LEFT says.
    /// </summary>
    Rooms = 2,

    /// <summary>
    /// <c>services</c>: the peer knows services: commands and their results, menus, subscriptions and updates. A line that begins
    /// with a slash is a command.
    /// </summary>
    Services = 4,
}
