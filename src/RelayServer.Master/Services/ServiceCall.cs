using System.Net;
using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Services;

/// <summary>A command under way: who asked, what, whom, and until when.</summary>
internal sealed class ServiceCall(CommandName name, RegisteredService service, ProfileVerb verb)
{
    public CommandName Name { get; } = name;

    public RegisteredService Service { get; } = service;

    public ProfileVerb Verb { get; } = verb;

    /// <summary>Names it towards the instances.</summary>
    public ulong Ticket { get; init; }

    /// <summary>Who is to get the answer; another session when the command was repeated.</summary>
    public CommandAsker Asker { get; set; }

    /// <summary>Who asks, as his token names him.</summary>
    public required byte[] User { get; init; }

    /// <summary>What the asker's token says he is.</summary>
    public Role TokenRole { get; init; }

    /// <summary>Where the asker comes from, which rooms may ban; null where that is not known.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The room that it was said in; empty when there is none.</summary>
    public byte[] Channel { get; init; } = [];

    /// <summary>What the instance is told of the room; empty when it may not know.</summary>
    public byte[] DisclosedChannel { get; set; } = [];

    /// <summary>The room that gets what comes of it; empty when none does.</summary>
    public byte[] AnswerRoom { get; init; } = [];

    /// <summary>What the asker is in the room.</summary>
    public Role Role { get; set; }

    /// <summary>What the relay itself does for the asker; null when it is the service's to do.</summary>
    public RoomControl? Control { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public byte[] Item { get; init; } = [];

    public byte[] Locale { get; init; } = [];

    /// <summary>What the service knows the asker by.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The same for every repetition.</summary>
    public string Key { get; init; } = "";

    public ulong DeadlineMilliseconds { get; init; }

    /// <summary>Its place among those that wait for an instance; null when it does not.</summary>
    public LinkedListNode<ServiceCall>? Place { get; set; }

    /// <summary>When a call without an instance is given up.</summary>
    public ulong WaitsUntilMilliseconds { get; set; }

    public int Attempt { get; set; }

    /// <summary>The instance that was asked; null while there is none.</summary>
    public ServiceInstance? Instance { get; set; }

    /// <summary>What is answered when it was done, with what the instance returned; empty: there is nothing to tell.</summary>
    public CommandOutcome Done(ReadOnlySpan<byte> encoded)
    {
        ReturnBody returned = default;
        if (!encoded.IsEmpty)
        {
            ReturnBody.TryDecode(encoded, out returned);
        }

        return CommandOutcome.Done(new ResultBody
        {
            Channel = Channel,
            Number = Name.Number,
            Service = Encoding.UTF8.GetBytes(Service.Profile.Name),
            Verb = Encoding.UTF8.GetBytes(Verb.Name),
            Text = returned.Text,
            HasCard = returned.HasCard,
            Card = returned.Card,
        });
    }

    /// <summary>What is answered when it was not done.</summary>
    public CommandOutcome Refused(ErrorCode code, ReadOnlySpan<byte> text, uint retryMilliseconds) => CommandOutcome.Refused(
        new ErrorBody { Code = code, Text = text, RetryAfterMilliseconds = retryMilliseconds, Channel = Channel, Number = Name.Number });

    /// <summary>The same.</summary>
    public CommandOutcome Refused(ControlRefusal refusal) => Refused(refusal.Code, Encoding.UTF8.GetBytes(refusal.Text), refusal.RetryAfterMilliseconds);
}
