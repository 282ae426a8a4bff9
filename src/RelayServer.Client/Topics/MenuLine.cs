using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Something that can be chosen: a service, a verb or topic of one, or a subject of a topic.</summary>
/// <param name="Kind">Which of these; may be none of the enumeration when the relay is of a later version.</param>
/// <param name="Name">What commands, subscriptions and further questions name; of a topic <c>service.topic</c>.</param>
/// <param name="Title">For people; of a verb how it is written, such as <c>now PLACE</c>.</param>
/// <param name="Description">For people; may be empty.</param>
/// <param name="Flags">More about it.</param>
public sealed record MenuLine(MenuKind Kind, string Name, string Title, string Description, MenuFlags Flags)
{
    /// <summary>Of a service: an instance is there to take commands.</summary>
    public bool IsAvailable => (Flags & MenuFlags.Available) != 0;

    /// <summary>The room or inbox asked for has subscribed to it, or has let the service in.</summary>
    public bool IsChosen => (Flags & MenuFlags.Chosen) != 0;

    /// <summary>Of a topic: any subject may be chosen, not only those listed.</summary>
    public bool IsOpen => (Flags & MenuFlags.Open) != 0;

    /// <summary>Of a verb: the room gets the result.</summary>
    public bool AnswersRoom => (Flags & MenuFlags.AnswersRoom) != 0;

    /// <summary>Of a verb: it is said of an item.</summary>
    public bool NeedsItem => (Flags & MenuFlags.NeedsItem) != 0;
}
