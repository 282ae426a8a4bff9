namespace RelayServer.Protocol;

/// <summary>What a line of a menu is.</summary>
public enum MenuKind : byte
{
    /// <summary>A service.</summary>
    Service = 1,

    /// <summary>What it can be asked to do.</summary>
    Verb = 2,

    /// <summary>What it tells of.</summary>
    Topic = 3,

    /// <summary>What a topic is divided into.</summary>
    Subject = 4,
}
