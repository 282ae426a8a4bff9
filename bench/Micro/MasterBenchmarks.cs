using BenchmarkDotNet.Attributes;
using RelayServer.Fabric;
using RelayServer.Master;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Sequencing;
using RelayServer.Protocol;

namespace RelayServer.Bench.Micro;

/// <summary>What a master does with a batch of an edge: check, order, and build the flush; the fabric is left out.</summary>
[MemoryDiagnoser]
public class MasterBenchmarks : IDisposable
{
    private const int Messages = 64;
    private const ulong NowMilliseconds = 1_767_225_600_000;
    private const ulong ProducerId = 0x1234_5678_9ABC_DEF0;
    private const int BufferBytes = 64 * 1024;

    private static ReadOnlySpan<byte> EdgeId => "edge-bench"u8;

    private readonly MasterCore _master;
    private readonly FabricFlush _flush = new();
    private readonly byte[] _message = new byte[BufferBytes];
    private readonly byte[] _body = new byte[1024];
    private readonly byte[] _payload = MessageSamples.Payload();
    private ulong _batchNo;
    private ulong _number;
    private ulong _relayNo;

    /// <summary>Makes a master with one channel that is loaded and one edge that is interested in it.</summary>
    public MasterBenchmarks()
    {
        byte[] id = [.. "master-bench"u8];
        _master = new MasterCore(new MasterOptions(), id, new MasterCounters());
        _master.Own([.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, "master-bench", 1))]);
        var writer = new MessagePackWriter(_message);
        WriteHeader(ref writer);
        new UpstreamRecord { Kind = UpstreamKind.Interest, Channel = MessageSamples.Channel }.Write(ref writer);
        _master.Receive(_message.AsSpan(0, writer.WrittenBytes), NowMilliseconds);
        while (_master.TryNextLoad(out ChannelState channel))
        {
            _master.Loaded(channel, NowMilliseconds);
        }

        Flush();
    }

    /// <summary>One publish of 128 bytes through the master; measured in batches of 64, encoding of the batch included.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public int SequencePublish()
    {
        var writer = new MessagePackWriter(_message);
        WriteHeader(ref writer);
        for (int i = 0; i < Messages; i++)
        {
            var publish = new PublishBody
            {
                Channel = MessageSamples.Channel,
                ProducerId = ProducerId,
                Number = ++_number,
                Kind = MessageKind.Data,
                Payload = _payload,
            };
            _ = publish.TryEncode(_body, out int bodyBytes);
            new UpstreamRecord
            {
                Kind = UpstreamKind.Publish,
                Session = 1,
                Flags = FrameFlags.AckWanted,
                UserId = "user-000123"u8,
                PublishBody = _body.AsSpan(0, bodyBytes),
            }.Write(ref writer);
        }

        _master.Receive(_message.AsSpan(0, writer.WrittenBytes), NowMilliseconds);
        return Flush();
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _master.Dispose();
        GC.SuppressFinalize(this);
    }

    private void WriteHeader(ref MessagePackWriter writer) =>
        new UpstreamHeader { EdgeId = EdgeId, Link = 1, BatchNo = ++_batchNo, ConfirmedRelayNo = _relayNo }.Write(ref writer);

    // Every flush relays to the one edge once.
    private int Flush()
    {
        if (!_master.TryBuildFlush(NowMilliseconds, _flush))
        {
            throw new InvalidOperationException("the master has nothing to flush");
        }

        int appends = _flush.Appends.Count;
        _relayNo++;
        _flush.Clear();
        _master.FlushDone();
        return appends;
    }
}
