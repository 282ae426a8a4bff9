using System.Text;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Master;

/// <summary>An edge that knows one master and hears of no other.</summary>
internal sealed class StaleEdge : IAsyncDisposable
{
    private const string Id = "stale-edge";
    private readonly IFabric _fabric;
    private readonly string _masterId;
    private readonly MessageCollector _relays = new();
    private IAsyncDisposable? _subscription;
    private ulong _link;

    private StaleEdge(IFabric fabric, string masterId)
    {
        _fabric = fabric;
        _masterId = masterId;
    }

    /// <summary>Known to its master when this returns.</summary>
    public static async Task<StaleEdge> OpenAsync(IFabric fabric, string masterId)
    {
        var edge = new StaleEdge(fabric, masterId);
        edge._subscription = await fabric.SubscribeAsync(FabricAddress.Edge(Id), edge._relays.Take, TestContext.Current.CancellationToken);
        await edge.SendAsync(0, string.Empty);
        edge._link = LinkOf(await edge._relays.NextAsync());
        return edge;
    }

    public Task SendInterestAsync(string channel) => SendAsync(1, channel);

    /// <summary>Whether a relay since then says more than what has been received.</summary>
    public async Task<bool> WasToldAnythingAsync()
    {
        bool wasTold = false;
        while (_relays.Count > 0)
        {
            wasTold |= HasRecords(await _relays.NextAsync());
        }

        return wasTold;
    }

    public ValueTask DisposeAsync() => _subscription!.DisposeAsync();

    private static ulong LinkOf(byte[] relay)
    {
        var reader = new MessagePackReader(relay);
        return RelayHeader.Read(ref reader).Link;
    }

    private static bool HasRecords(byte[] relay)
    {
        var reader = new MessagePackReader(relay);
        RelayHeader.Read(ref reader);
        return reader.RemainingBytes > 0;
    }

    private async Task SendAsync(ulong batchNo, string channel)
    {
        byte[] message = Message(batchNo, channel);
        await _fabric.SendAsync(FabricAddress.Master(_masterId), message, TestContext.Current.CancellationToken);
    }

    private byte[] Message(ulong batchNo, string channel)
    {
        var bytes = new byte[512];
        var writer = new MessagePackWriter(bytes);
        new UpstreamHeader { EdgeId = Encoding.UTF8.GetBytes(Id), Link = _link, BatchNo = batchNo }.Write(ref writer);
        if (batchNo > 0)
        {
            new UpstreamRecord { Kind = UpstreamKind.Interest, Channel = Encoding.UTF8.GetBytes(channel) }.Write(ref writer);
        }

        return bytes[..writer.WrittenBytes];
    }
}
