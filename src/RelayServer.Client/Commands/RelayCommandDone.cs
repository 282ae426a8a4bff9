using System.Text;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// What a command has done, told to the room: a message of who gave the command, whose producer id and number are the command's.
/// </summary>
public sealed class RelayCommandDone : RelayEntry
{
    private RelayCommandDone(DeliveredBatch batch, in DeliverMessage message, string from)
        : base(batch, message, from)
    {
    }

    /// <summary>Who did it.</summary>
    public required string Service { get; init; }

    /// <summary>What was done.</summary>
    public required string Verb { get; init; }

    /// <summary>The item that it was about; null when it was about none.</summary>
    public required string? Item { get; init; }

    /// <summary>For people; may be empty beside a card.</summary>
    public required string Text { get; init; }

    /// <summary>An item to show with it; null when there is none.</summary>
    public required ServiceCard? Card { get; init; }

    /// <summary>What a message says; null when it is of a later version.</summary>
    internal static RelayCommandDone? Decode(DeliveredBatch batch, in DeliverMessage message, SenderNames senders) =>
        ResultPayload.TryDecode(message.Payload, out ResultPayload payload) != DecodeStatus.Ok
            ? null
            : new RelayCommandDone(batch, message, senders.Get(message.From))
            {
                Service = Encoding.UTF8.GetString(payload.Service),
                Verb = Encoding.UTF8.GetString(payload.Verb),
                Item = payload.Item.IsEmpty ? null : Encoding.UTF8.GetString(payload.Item),
                Text = Encoding.UTF8.GetString(payload.Text),
                Card = payload.HasCard ? CardEncoding.Read(payload.Card) : null,
            };
}
