using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>A command that a client wants done.</summary>
/// <param name="Number">With the client's producer id its name for ever.</param>
/// <param name="Service">Whom it is for.</param>
/// <param name="Verb">What is to be done.</param>
/// <param name="Channel">The room that it is said in; null when there is none.</param>
/// <param name="IsLine">It is typed.</param>
internal sealed record ClientCommand(ulong Number, string Service, string Verb, string? Channel, bool IsLine)
{
    public bool IsSent { get; set; }

    /// <summary>When it was sent first; 0 before.</summary>
    public ulong SentAt { get; set; }

    public ulong NotBefore { get; set; }

    /// <summary>It must be done: nothing is wrong any more.</summary>
    public bool IsProbe { get; init; }

    /// <summary>What the room gets comes of it.</summary>
    public bool AnswersRoom => Verb == ServiceOperations.CommentVerb;

    /// <summary>It is the relay that does it.</summary>
    public bool IsRelays => Verb == SubscriptionWords.Subscribe;

    /// <summary>How it ended, as its caller was told; null before.</summary>
    public string? Outcome { get; set; }

    /// <summary>Its caller has asked once more after that.</summary>
    public bool IsAskedAgain { get; set; }

    /// <summary>When it was told so.</summary>
    public ulong ToldAt { get; set; }

    public byte[] Frame(uint correlation, ulong producerId, FrameFlags flags)
    {
        string argument = IsRelays ? ServiceOperations.OpenTopic : Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string item = AnswersRoom ? ServiceOperations.Item : "";
        if (!IsLine)
        {
            byte[] command = Services.Bodies.Command(Service, Verb, [argument], Channel, item, Number, producerId);
            return ClientFrames.Frame(FrameType.Command, FrameFlags.None, correlation, command);
        }

        string text = AnswersRoom ? $"/{Service} {Verb} #{item} {argument}" : $"/{Service} {Verb} {argument}";
        return ClientFrames.Publish(correlation, Channel!, producerId, Number, flags, MessageKind.Text, Services.Bodies.Utf8(text));
    }
}
