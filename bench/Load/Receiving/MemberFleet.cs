using System.Net;
using RelayServer.Bench.Load.Native;
using RelayServer.Bench.Load.Publishing;
using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Load.Receiving;

/// <summary>All listening members of a run, spread over a few receiving loops.</summary>
internal sealed class MemberFleet : IDisposable
{
    /// <summary>Handshakes that may be under way at once: an edge bounds them too.</summary>
    private const int HandshakesMax = 64;

    /// <summary>A whole batch of the relay fits, and the buffer stays in the core's cache.</summary>
    private const int BufferBytes = 256 * 1024;

    // One address has about 28,000 ports towards one listener.
    private const int ConnectionsPerSourceMax = 20_000;

    private readonly SemaphoreSlim _settled = new(0);
    private readonly ReceiverLoop[] _loops;
    private readonly MessageLedger[] _ledgers;

    /// <summary>Makes the loops.</summary>
    /// <param name="loops">How many threads.</param>
    /// <param name="membersMax">Most members of all loops together.</param>
    /// <param name="publishers">How many publishers' messages are checked.</param>
    /// <param name="channel">The channel whose messages are checked.</param>
    public MemberFleet(int loops, int membersMax, int publishers, ReadOnlySpan<byte> channel)
    {
        _loops = new ReceiverLoop[loops];
        _ledgers = new MessageLedger[loops];
        for (int i = 0; i < loops; i++)
        {
            _ledgers[i] = new MessageLedger(publishers);
            _loops[i] = new ReceiverLoop($"receiver {i}", (membersMax / loops) + 1, channel, _ledgers[i], _settled, BufferBytes);
            _loops[i].Start();
        }
    }

    /// <summary>Messages of the run that members have received up to now.</summary>
    public long Received => _loops.Sum(loop => loop.Received);

    /// <summary>Members that have joined.</summary>
    public int Joined => _loops.Sum(loop => loop.Joined);

    /// <summary>Connections that ended by themselves.</summary>
    public int Disconnected => _loops.Sum(loop => loop.Disconnected);

    /// <summary>CPU of each loop.</summary>
    public IReadOnlyList<ThreadUsage> Usage => [.. _loops.Select(loop => loop.Usage)];

    /// <summary>What went wrong, for people.</summary>
    public IEnumerable<string> Problems => _loops.SelectMany(loop => loop.Problems);

    /// <summary>Receive calls that took bytes.</summary>
    public long ReceiveCalls => _loops.Sum(loop => loop.ReceiveCalls);

    /// <summary>PING and PONG frames sent.</summary>
    public long Heartbeats => _loops.Sum(loop => loop.Heartbeats);

    /// <summary>What each loop found. To be read when stopped.</summary>
    public IEnumerable<DeliveryVerifier> Verifiers => _loops.Select(loop => loop.Verifier);

    /// <summary>Connects members to the edges in turn, each to one of the channels in turn, and waits until all have joined.</summary>
    public async Task ConnectAsync(
        int members,
        IReadOnlyList<IPEndPoint> edges,
        IReadOnlyList<byte[]> tokens,
        IReadOnlyList<byte[]> channels,
        Action<int> progress,
        CancellationToken cancellationToken)
    {
        int settled = 0;
        for (int i = 0; i < members; i++)
        {
            for (; i - settled >= HandshakesMax; settled++)
            {
                await _settled.WaitAsync(cancellationToken);
            }

            IPAddress? source = i < ConnectionsPerSourceMax
                ? null
                : new IPAddress([127, 0, 0, (byte)(2 + (i / ConnectionsPerSourceMax))]);
            RawSocket socket = RawSocket.Connect(edges[i % edges.Count], source);
            _loops[i % _loops.Length].Add(socket, channels[i % channels.Count], tokens[i % tokens.Count]);
            progress(i + 1);
        }

        for (; settled < members; settled++)
        {
            await _settled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Counts deliveries over time from a start on.</summary>
    public void CountFrom(long startNanoseconds, long lengthNanoseconds)
    {
        foreach (ReceiverLoop loop in _loops)
        {
            loop.Verifier.Series = new RateSeries(startNanoseconds, lengthNanoseconds);
        }
    }

    /// <summary>Stops reading.</summary>
    public void Stop()
    {
        foreach (ReceiverLoop loop in _loops)
        {
            loop.Stop();
        }
    }

    /// <summary>Holds the acks against what was received. When stopped.</summary>
    public DeliveryAudit Audit(IReadOnlyList<Ack> acks) => _loops
        .Select((loop, index) => DeliveryAudit.Of(acks, _ledgers[index], [.. loop.Members.Select(member => member.Cursor)]))
        .Aggregate((first, second) => first.Plus(second));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (ReceiverLoop loop in _loops)
        {
            loop.Dispose();
        }

        _settled.Dispose();
    }
}
