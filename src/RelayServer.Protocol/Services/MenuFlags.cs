namespace RelayServer.Protocol;

/// <summary>More about a line of a menu.</summary>
[Flags]
public enum MenuFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An instance of the service is there.</summary>
    Available = 1,

    /// <summary>The room or inbox has subscribed to it, or has let the service in.</summary>
    Chosen = 2,

    /// <summary>Of a topic: any subject may be chosen.</summary>
    Open = 4,

    /// <summary>Of a verb: the room gets what came of it.</summary>
    AnswersRoom = 8,

    /// <summary>Of a verb: it is about an item.</summary>
    NeedsItem = 16,
}
