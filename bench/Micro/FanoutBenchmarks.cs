using BenchmarkDotNet.Attributes;
using RelayServer.Edge;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Bench.Micro;

/// <summary>What an edge does for each member and batch, without the call into the kernel.</summary>
[MemoryDiagnoser]
public class FanoutBenchmarks : IDisposable
{
    private const int Members = 1000;
    private const int OutboundBytesMax = 256 * 1024;

    private readonly FanoutShard _shard;
    private readonly SessionOutput[] _outputs;
    private readonly SharedFrame _frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, MessageSamples.Deliver());

    /// <summary>Makes members whose connections take everything.</summary>
    public FanoutBenchmarks()
    {
        _shard = new FanoutShard("bench", new EdgeOptions(), new EdgeCounters(), new SteadyClock(TimeProvider.System));
        _outputs = [.. Enumerable.Range(0, Members).Select(_ => new SessionOutput(new TakingSink(), _shard, OutboundBytesMax))];
    }

    /// <summary>Hands one batch to one member; measured over 1,000 of them.</summary>
    [Benchmark(OperationsPerInvoke = Members)]
    public bool DeliverToMember()
    {
        bool taken = true;
        foreach (SessionOutput output in _outputs)
        {
            taken &= output.Send(_frame, isDroppable: false);
        }

        return taken;
    }

    /// <summary>Ends the shard's thread.</summary>
    public void Dispose()
    {
        _shard.Dispose();
        GC.SuppressFinalize(this);
    }
}
