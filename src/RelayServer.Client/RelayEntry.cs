using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// Something with a place in a channel's log and a sender: a <see cref="RelayMessage"/>, or what happened to the room. It
/// shares the batch it came in (at most one server frame), which lives as long as any of its entries is referenced.
/// </summary>
public abstract class RelayEntry : RelayEvent
{
    private readonly ulong _seq;

    private protected RelayEntry(DeliveredBatch batch, in DeliverMessage message, string from)
    {
        Batch = batch;
        _seq = message.Seq;
        From = from;
        ProducerId = message.ProducerId;
        Number = message.Number;
    }

    /// <inheritdoc/>
    public override string Channel => Batch.Channel;

    /// <summary>
    /// Place in the channel's log; what <see cref="JoinFrom.After"/> takes. Its generation and partition say of which part
    /// of a split room it is. Seq 0 for what is not logged.
    /// </summary>
    public Position Position => Batch.First with { Seq = _seq };

    /// <summary>User id of the sender; empty for what the relay did by itself.</summary>
    public string From { get; }

    /// <summary>When the relay ordered it.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds((long)Batch.AtMilliseconds);

    /// <summary>The sender's producer id; with <see cref="Number"/> it names the message for ever.</summary>
    public ulong ProducerId { get; }

    /// <summary>The sender's message number.</summary>
    public ulong Number { get; }

    /// <summary>True when this client sent it.</summary>
    public bool IsOwn => ProducerId == Batch.OwnProducerId;

    private protected DeliveredBatch Batch { get; }
}
