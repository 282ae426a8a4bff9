namespace RelayServer.Protocol;

/// <summary>What an argument of a command may be.</summary>
public enum ParameterKind : byte
{
    /// <summary>One word, or several in quotation marks.</summary>
    Text = 0,

    /// <summary>A whole number.</summary>
    Number = 1,

    /// <summary>All that is left of the line. The last parameter only.</summary>
    Rest = 2,

    /// <summary>The name of a room, which then gets the answer.</summary>
    Room = 3,
}
