using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// One message. <see cref="Payload"/> is a slice of the batch it came in (at most one server frame), which lives as
/// long as any of its messages is referenced: copy the payload to keep a few messages out of many.
/// </summary>
public sealed class RelayMessage : RelayEntry
{
    private readonly int _payloadOffset;
    private readonly int _payloadBytes;

    internal RelayMessage(DeliveredBatch batch, in DeliverMessage message, string from, int payloadOffset)
        : base(batch, message, from)
    {
        _payloadOffset = payloadOffset;
        _payloadBytes = message.Payload.Length;
        Kind = message.Kind;
        IsEphemeral = message.Seq == 0;
    }

    /// <summary>What the payload is: text or data. Other kinds are events of their own, or passed over.</summary>
    public MessageKind Kind { get; }

    /// <summary>The bytes; UTF-8 for <see cref="MessageKind.Text"/>.</summary>
    public ReadOnlyMemory<byte> Payload => Batch.Body.AsMemory(_payloadOffset, _payloadBytes);

    /// <summary>The payload read as UTF-8; a new string at every call.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>True when the message is not in the log.</summary>
    public bool IsEphemeral { get; }
}
