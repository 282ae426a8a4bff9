using System.Collections.Concurrent;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>One publisher that is a <see cref="RelayClient"/>, as an application would use it.</summary>
internal sealed class ClientPublisher : IAsyncDisposable
{
    private readonly int _index;
    private readonly string _channel;
    private readonly int _payloadBytes;
    private readonly RelayClient _client;
    private readonly ConcurrentQueue<Ack> _acks = new();

    // A payload must not change until its publish is answered: as many as may be unanswered go round.
    private readonly ConcurrentBag<byte[]> _payloads = [];
    private Task _reading = Task.CompletedTask;
    private long _acked;
    private long _refused;

    /// <summary>Makes a publisher that is not connected yet.</summary>
    public ClientPublisher(int index, RelayEndpoint edge, string token, string channel, int payloadBytes)
    {
        _index = index;
        _channel = channel;
        _payloadBytes = payloadBytes;
        _client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [edge],
            TokenProvider = _ => ValueTask.FromResult(token),
            Agent = "relay-bench",
        });
    }

    /// <summary>Messages handed to the client: also the number of the next one. One caller.</summary>
    public long Sent { get; private set; }

    /// <summary>What came of its messages.</summary>
    public PublishTotals Totals => new(Sent, Volatile.Read(ref _acked), Volatile.Read(ref _refused));

    /// <summary>The acks so far.</summary>
    public IEnumerable<Ack> Acks => _acks;

    /// <summary>The last refusal, for people.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Connects, joins and starts to read what it receives, as every member has to.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _client.ConnectAsync(cancellationToken);
        RelaySubscription subscription = await _client.JoinAsync(_channel, JoinFrom.Live, cancellationToken);
        _reading = ReadAsync(subscription);
    }

    /// <summary>Hands messages that are due to the client, as many as fit; returns how many.</summary>
    public int Publish(PublishPlan plan, long messagesMax, long nowNanoseconds)
    {
        int published = 0;
        long room = Math.Min(plan.WindowMessages - Totals.Unanswered, messagesMax);
        while (published < room && plan.TryNext(_index, Sent, nowNanoseconds, out long intended))
        {
            // The outcome is counted by the task itself; the client bounds how many there are.
            _ = PublishAsync(Sent, plan.PhaseOf(intended), intended);
            Sent++;
            published++;
        }

        return published;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _reading;
    }

    private async Task PublishAsync(long number, LoadPhase phase, long intendedNanoseconds)
    {
        byte[] payload = TakePayload();
        new LoadMessage(phase, _index, number, intendedNanoseconds).Write(payload);
        try
        {
            Position position = await _client.PublishAsync(_channel, payload, MessageKind.Data);
            _acks.Enqueue(new Ack(_index, number, position.Seq));
            Interlocked.Increment(ref _acked);
        }
        catch (RelayException refusal)
        {
            Refusal = refusal.Message;
            Interlocked.Increment(ref _refused);
        }
        catch (ObjectDisposedException)
        {
            // The run gave up waiting for the answer: the message stays unanswered in the report.
        }

        _payloads.Add(payload);
    }

    private byte[] TakePayload()
    {
        if (_payloads.TryTake(out byte[]? payload))
        {
            return payload;
        }

        payload = new byte[_payloadBytes];
        LoadMessage.WriteFiller(payload);
        return payload;
    }

    private static async Task ReadAsync(RelaySubscription subscription)
    {
        try
        {
            await foreach (RelayMessage _ in subscription.ReadMessagesAsync())
            {
                // Its own deliveries are not counted: that is what the members are for.
            }
        }
        catch (RelayException)
        {
            // Its publishes fail as well, and are counted.
        }
    }
}
