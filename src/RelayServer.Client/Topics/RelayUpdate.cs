using System.Text;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>A service tells of something: to a topic that this room or inbox has subscribed to, or to it alone.</summary>
public sealed class RelayUpdate : RelayEntry
{
    private RelayUpdate(DeliveredBatch batch, in DeliverMessage message, string from)
        : base(batch, message, from)
    {
    }

    /// <summary>Who tells.</summary>
    public required string Service { get; init; }

    /// <summary>The topic as <c>service.topic</c>; empty when it was told to this room or inbox alone.</summary>
    public required string Topic { get; init; }

    /// <summary>What it is about.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>What is to be shown.</summary>
    public required ServiceCard Card { get; init; }

    /// <summary>What a message says; null when it is of a later version.</summary>
    internal static RelayUpdate? Decode(DeliveredBatch batch, in DeliverMessage message, SenderNames senders)
    {
        if (UpdatePayload.TryDecode(message.Payload, out UpdatePayload payload) != DecodeStatus.Ok)
        {
            return null;
        }

        var subjects = new List<string>(payload.Subjects.Count);
        foreach (SubjectName subject in payload.Subjects)
        {
            subjects.Add(Encoding.UTF8.GetString(subject.Value));
        }

        return new RelayUpdate(batch, message, senders.Get(message.From))
        {
            Service = Encoding.UTF8.GetString(payload.Service),
            Topic = Encoding.UTF8.GetString(payload.Topic),
            Subjects = subjects,
            Card = CardEncoding.Read(payload.Card),
        };
    }
}
