using RelayServer.Bench.Load.Native;
using RelayServer.Bench.Load.Sessions;
using RelayServer.Bench.Measurement;
using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>One publishing connection on bare frames. Owned by the thread of its group.</summary>
internal sealed class RawPublisher : IDisposable
{
    private const int SendBufferBytes = 256 * 1024;

    private readonly int _index;
    private readonly byte[] _channel;
    private readonly byte[] _payload;
    private readonly byte[] _sendBuffer = new byte[SendBufferBytes];
    private readonly FrameSplitter _frames = new();
    private readonly FrameSplitter.FrameAction _handle;
    private readonly ulong _producerId = (ulong)Random.Shared.NextInt64();
    private readonly List<Ack> _acks = [];
    private int _unsent;
    private long _sentNanoseconds;

    /// <summary>Takes a fresh connection.</summary>
    public RawPublisher(int index, RawSocket socket, byte[] channel, int payloadBytes)
    {
        _index = index;
        Socket = socket;
        _channel = channel;
        _payload = new byte[payloadBytes];
        LoadMessage.WriteFiller(_payload);
        _handle = Handle;
    }

    /// <summary>Its connection.</summary>
    public RawSocket Socket { get; }

    /// <summary>What WELCOME said.</summary>
    public SessionLimits Limits { get; private set; }

    /// <summary>True once it may publish.</summary>
    public bool Joined { get; private set; }

    /// <summary>Why it can go on no longer.</summary>
    public string? Failure { get; private set; }

    /// <summary>The last refusal, for people.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What came of its messages.</summary>
    public PublishTotals Totals => new(Sent, Acked, Refused);

    /// <summary>Messages written, at least to its buffer: also the number of the next one.</summary>
    public long Sent { get; private set; }

    /// <summary>Messages acked.</summary>
    public long Acked { get; private set; }

    /// <summary>Messages refused.</summary>
    public long Refused { get; private set; }

    /// <summary>The acks. To be read when the group has stopped.</summary>
    public IReadOnlyList<Ack> Acks => _acks;

    /// <summary>True when bytes wait for room in the socket.</summary>
    public bool HasUnsent => _unsent > 0;

    /// <summary>Sends HELLO and AUTH.</summary>
    public void SignIn(ReadOnlySpan<byte> token, long nowNanoseconds)
    {
        _unsent = ClientFrames.WriteHandshake(_sendBuffer, token);
        Flush(nowNanoseconds);
    }

    /// <summary>Reads what there is.</summary>
    public void Receive(Span<byte> buffer)
    {
        int received = Socket.Receive(buffer);
        if (received > 0)
        {
            Failure ??= _frames.Feed(buffer[..received], _handle) ? null : "the relay sent bytes that are no frames";
        }
        else if (received != -1)
        {
            Failure ??= "the relay ended the connection";
        }
    }

    /// <summary>Sends what is due and fits both the publisher's window and what all of them may still send.</summary>
    /// <returns>How many messages were sent.</returns>
    public int Publish(PublishPlan plan, long messagesMax, long nowNanoseconds)
    {
        int published = 0;
        while (!HasUnsent)
        {
            long room = Math.Min(plan.WindowMessages - (Sent - Acked - Refused), messagesMax - published);
            int written = 0;
            for (; room > 0 && plan.TryNext(_index, Sent, nowNanoseconds, out long intended); room--)
            {
                int frameBytes = Write(plan.PhaseOf(intended), intended, _sendBuffer.AsSpan(written));
                if (frameBytes == 0)
                {
                    break;
                }

                written += frameBytes;
                published++;
                Sent++;
            }

            if (written == 0)
            {
                break;
            }

            _unsent = written;
            Flush(nowNanoseconds);
        }

        return published;
    }

    /// <summary>Sends the bytes that the socket had no room for, and a PING when nothing was sent for long.</summary>
    public void Flush(long nowNanoseconds)
    {
        if (_unsent == 0 && Joined && nowNanoseconds - _sentNanoseconds > Limits.HeartbeatNanoseconds / 2)
        {
            _unsent = ClientFrames.WriteHeartbeat(_sendBuffer, FrameType.Ping, 0);
        }

        if (_unsent == 0)
        {
            return;
        }

        int sent = Socket.Send(_sendBuffer.AsSpan(0, _unsent));
        _sentNanoseconds = nowNanoseconds;
        if (sent > 0)
        {
            _sendBuffer.AsSpan(sent, _unsent - sent).CopyTo(_sendBuffer);
            _unsent -= sent;
        }
        else if (sent < -1)
        {
            Failure ??= "the connection broke";
        }
    }

    /// <inheritdoc />
    public void Dispose() => Socket.Dispose();

    private int Write(LoadPhase phase, long intendedNanoseconds, Span<byte> destination)
    {
        new LoadMessage(phase, _index, Sent, intendedNanoseconds).Write(_payload);
        return ClientFrames.WritePublish(destination, new PublishBody
        {
            Channel = _channel,
            ProducerId = _producerId,
            Number = (ulong)Sent + 1,
            Kind = MessageKind.Data,
            Payload = _payload,
        });
    }

    private void Handle(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Type)
        {
            case FrameType.PubAck: TakeAcks(body); break;
            case FrameType.Error: TakeRefusal(body); break;
            case FrameType.Joined: Joined = true; break;
            case FrameType.Welcome when SessionLimits.TryRead(body, out SessionLimits limits):
                Limits = limits;
                _unsent += ClientFrames.WriteJoin(_sendBuffer.AsSpan(_unsent), _channel, correlation: 1);
                Flush(Clock.NowNanoseconds);
                break;
            case FrameType.Ping when _sendBuffer.Length - _unsent >= FrameHeader.SizeBytes:
                _unsent += ClientFrames.WriteHeartbeat(_sendBuffer.AsSpan(_unsent), FrameType.Pong, header.Correlation);
                break;
            case FrameType.Close when CloseBody.TryDecode(body, out CloseBody close) == DecodeStatus.Ok:
                Failure ??= $"closed by the relay: {close.Code} {System.Text.Encoding.UTF8.GetString(close.Text)}";
                break;
        }
    }

    private void TakeAcks(ReadOnlySpan<byte> body)
    {
        if (PubAckBody.TryDecode(body, out PubAckBody acks) != DecodeStatus.Ok)
        {
            Failure ??= "a PUB_ACK could not be read";
            return;
        }

        foreach ((ulong number, ulong seq) in acks)
        {
            _acks.Add(new Ack(_index, (long)number - 1, seq));
            Acked++;
        }
    }

    private void TakeRefusal(ReadOnlySpan<byte> body)
    {
        if (ErrorBody.TryDecode(body, out ErrorBody error) != DecodeStatus.Ok)
        {
            Failure ??= "an ERROR could not be read";
            return;
        }

        Refusal = $"{error.Code} {System.Text.Encoding.UTF8.GetString(error.Text)}";
        if (error.Number is null)
        {
            Failure ??= $"refused: {Refusal}";
        }
        else
        {
            Refused++;
        }
    }
}
