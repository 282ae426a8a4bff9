namespace RelayServer.Client.Services;

/// <summary>What an argument of a verb is.</summary>
public enum ServiceParameterKind
{
    /// <summary>One word, or several in quotation marks.</summary>
    Text = 0,

    /// <summary>A whole number.</summary>
    Number = 1,

    /// <summary>Everything that follows, as it was written.</summary>
    Rest = 2,

    /// <summary>The name of a room.</summary>
    Room = 3,
}
