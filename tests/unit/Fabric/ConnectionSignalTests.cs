using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class ConnectionSignalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Set_BackAndForth_EachChangeToldInOrder()
    {
        var told = Channel.CreateUnbounded<bool>();
        var signal = new ConnectionSignal(FabricMetrics.Embedded, NullLogger.Instance);
        signal.Begin(connected: true);
        signal.Changed += connected => told.Writer.TryWrite(connected);
        Assert.True(signal.Set(false));
        Assert.False(signal.Set(false));
        Assert.True(signal.Set(true));
        Assert.True(signal.Set(false));
        Assert.False(await told.Reader.ReadAsync(Cancel));
        Assert.True(await told.Reader.ReadAsync(Cancel));
        Assert.False(await told.Reader.ReadAsync(Cancel));
        Assert.False(signal.IsConnected);
    }

    [Fact]
    public async Task Set_ListenerHangs_BoundedAndTheLastStateIsTold()
    {
        var told = Channel.CreateUnbounded<bool>();
        using var release = new ManualResetEventSlim();
        var signal = new ConnectionSignal(FabricMetrics.Embedded, NullLogger.Instance);
        signal.Changed += connected =>
        {
            release.Wait(Cancel);
            told.Writer.TryWrite(connected);
        };
        for (int i = 0; i < 1001; i++)
        {
            signal.Set(i % 2 == 0);
        }

        release.Set();
        signal.Set(false);
        var seen = new List<bool> { await told.Reader.ReadAsync(Cancel) };
        Assert.True(seen[0]);
        while (seen[^1] || told.Reader.Count > 0)
        {
            seen.Add(await told.Reader.ReadAsync(Cancel));
            Assert.NotEqual(seen[^2], seen[^1]);
        }

        Assert.InRange(seen.Count, 2, 12);
    }

    [Fact]
    public async Task Set_ListenerThrows_NextChangeIsTold()
    {
        var told = Channel.CreateUnbounded<bool>();
        var signal = new ConnectionSignal(FabricMetrics.Embedded, NullLogger.Instance);
        signal.Changed += connected =>
        {
            told.Writer.TryWrite(connected);
            throw new InvalidOperationException("a listener's mistake");
        };
        signal.Set(true);
        Assert.True(await told.Reader.ReadAsync(Cancel));
        signal.Set(false);
        Assert.False(await told.Reader.ReadAsync(Cancel));
    }
}
