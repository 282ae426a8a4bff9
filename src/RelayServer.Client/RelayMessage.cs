using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// One message. <see cref="Payload"/> is a slice of the batch it came in (at most one server frame), which lives as
/// long as any of its messages is referenced: copy the payload to keep a few messages out of many.
/// </summary>
public sealed class RelayMessage : RelayEvent
{
    private readonly DeliveredBatch _batch;
    private readonly ulong _seq;
    private readonly int _payloadOffset;
    private readonly int _payloadBytes;

    internal RelayMessage(DeliveredBatch batch, in DeliverMessage message, string from, int payloadOffset)
    {
        _batch = batch;
        _seq = message.Seq;
        _payloadOffset = payloadOffset;
        _payloadBytes = message.Payload.Length;
        From = from;
        ProducerId = message.ProducerId;
        Number = message.Number;
        Kind = message.Kind;
    }

    /// <inheritdoc/>
    public override string Channel => _batch.Channel;

    /// <summary>Place in the channel's log; what <see cref="JoinFrom.After"/> takes. Seq 0 for an ephemeral message.</summary>
    public Position Position => _batch.First with { Seq = _seq };

    /// <summary>User id of the sender.</summary>
    public string From { get; }

    /// <summary>What the payload is. Messages of kinds that this version does not know are passed over.</summary>
    public MessageKind Kind { get; }

    /// <summary>The bytes; UTF-8 for <see cref="MessageKind.Text"/>.</summary>
    public ReadOnlyMemory<byte> Payload => _batch.Body.AsMemory(_payloadOffset, _payloadBytes);

    /// <summary>The payload read as UTF-8; a new string at every call.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>When the relay ordered the message.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds((long)_batch.AtMilliseconds);

    /// <summary>The sender's producer id; with <see cref="Number"/> it names the message for ever.</summary>
    public ulong ProducerId { get; }

    /// <summary>The sender's message number.</summary>
    public ulong Number { get; }

    /// <summary>True when this client sent it.</summary>
    public bool IsOwn => ProducerId == _batch.OwnProducerId;

    /// <summary>True when the message is not in the log.</summary>
    public bool IsEphemeral => _seq == 0;
}
