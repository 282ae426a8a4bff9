using System.Buffers.Binary;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Sending and subscribing.</summary>
public abstract class BusContract(IFabricHost host) : FabricContract(host)
{
    [Fact]
    public async Task SendAsync_ManyMessages_ArriveInOrder()
    {
        const int Messages = 20_000;
        MessageCollector received = await CollectAsync(Edge1);
        var sends = new List<Task<bool>>();
        byte[] message = new byte[4];
        for (int i = 0; i < Messages; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(message, i);
            sends.Add(Fabric.SendAsync(Edge1, message.ToArray(), Cancel).AsTask());
        }

        foreach (Task<bool> send in sends)
        {
            Assert.True(await send);
        }

        for (int i = 0; i < Messages; i++)
        {
            Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(await received.NextAsync()));
        }
    }

    [Fact]
    public async Task SendAsync_NobodySubscribes_IsTaken() =>
        Assert.True(await Fabric.SendAsync(FabricAddress.Master("nobody"), TestBodies.Bytes("x"), Cancel));

    [Fact]
    public async Task SendAsync_BufferReusedAfterwards_MessageUnchanged()
    {
        MessageCollector received = await CollectAsync(Edge1);
        byte[] buffer = TestBodies.Bytes("first");
        Assert.True(await Fabric.SendAsync(Edge1, buffer, Cancel));
        Array.Fill(buffer, (byte)0);
        Assert.Equal(TestBodies.Bytes("first"), await received.NextAsync());
    }

    [Fact]
    public async Task SendAsync_BufferReusedBeforeItHasEnded_MessageUnchanged()
    {
        MessageCollector collector = await CollectAsync(Edge1);
        byte[] buffer = TestBodies.Bytes("first");
        ValueTask<bool> sending = Fabric.SendAsync(Edge1, buffer, Cancel);
        buffer.AsSpan().Clear();
        Assert.True(await sending);
        Assert.Equal(TestBodies.Bytes("first"), await collector.NextAsync());
    }

    [Fact]
    public async Task SendAsync_EmptyAndAnyBytes_ArriveExactly()
    {
        MessageCollector received = await CollectAsync(Edge1);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 13, 10, 0];
        Assert.True(await Fabric.SendAsync(Edge1, ReadOnlyMemory<byte>.Empty, Cancel));
        Assert.True(await Fabric.SendAsync(Edge1, all, Cancel));
        Assert.Empty(await received.NextAsync());
        Assert.Equal(all, await received.NextAsync());
    }

    [Fact]
    public async Task SendAsync_PartOfABuffer_OnlyThatPartArrives()
    {
        MessageCollector received = await CollectAsync(Edge1);
        Assert.True(await Fabric.SendAsync(Edge1, TestBodies.Bytes("..part..").AsMemory(2, 4), Cancel));
        Assert.Equal(TestBodies.Bytes("part"), await received.NextAsync());
    }

    [Fact]
    public async Task SendAsync_HandlerBlocks_ReturnsAllTheSame()
    {
        using var release = new ManualResetEventSlim();
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await Fabric.SubscribeAsync(
            Edge1,
            message =>
            {
                release.Wait(Cancel);
                received.Take(message);
            },
            Cancel);
        Assert.True(await Fabric.SendAsync(Edge1, TestBodies.Bytes("a"), Cancel));
        Assert.True(await Fabric.SendAsync(Edge1, TestBodies.Bytes("b"), Cancel));
        release.Set();
        Assert.Equal(TestBodies.Bytes("a"), await received.NextAsync());
        Assert.Equal(TestBodies.Bytes("b"), await received.NextAsync());
    }

    [Fact]
    public async Task SendAsync_FromAHandler_Arrives()
    {
        MessageCollector received = await CollectAsync(Edge2);
        await using IAsyncDisposable subscription = await Fabric.SubscribeAsync(
            Edge1, message => _ = Fabric.SendAsync(Edge2, message, Cancel).AsTask(), Cancel);
        Assert.True(await Fabric.SendAsync(Edge1, TestBodies.Bytes("on"), Cancel));
        Assert.Equal(TestBodies.Bytes("on"), await received.NextAsync());
    }

    [Fact]
    public async Task SubscribeAsync_OtherAddress_NotReceived()
    {
        MessageCollector received = await CollectAsync(Edge1);
        Assert.True(await Fabric.SendAsync(Edge2, TestBodies.Bytes("x"), Cancel));
        Assert.True(await Fabric.SendAsync(FabricAddress.Master("one"), TestBodies.Bytes("x"), Cancel));
        await AssertNothingSentAsync(Fabric, Edge1, received);
    }

    [Fact]
    public async Task SubscribeAsync_TwiceOneAddress_BothReceive()
    {
        MessageCollector one = await CollectAsync(FabricAddress.Slots);
        MessageCollector two = await CollectAsync(FabricAddress.Slots);
        Assert.True(await Fabric.SendAsync(FabricAddress.Slots, TestBodies.Bytes("x"), Cancel));
        Assert.Equal(TestBodies.Bytes("x"), await one.NextAsync());
        Assert.Equal(TestBodies.Bytes("x"), await two.NextAsync());
    }

    [Fact]
    public async Task SubscribeAsync_Disposed_NothingMoreReceived()
    {
        var ended = new MessageCollector();
        IAsyncDisposable subscription = await Fabric.SubscribeAsync(Edge1, ended.Take, Cancel);
        MessageCollector staying = await CollectAsync(Edge1);
        await subscription.DisposeAsync();
        await subscription.DisposeAsync();
        await AssertNothingSentAsync(Fabric, Edge1, staying);
        Assert.Equal(0, ended.Count);
    }

    [Fact]
    public async Task SubscribeAsync_DisposedThenAgain_Receives()
    {
        await (await Fabric.SubscribeAsync(Edge1, _ => { }, Cancel)).DisposeAsync();
        MessageCollector received = await CollectAsync(Edge1);
        await AssertNothingSentAsync(Fabric, Edge1, received);
    }

    [Fact]
    public async Task SubscribeAsync_DisposedFromItsHandler_DoesNotDeadlock()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncDisposable? subscription = null;
        using var ready = new ManualResetEventSlim();
        subscription = await Fabric.SubscribeAsync(
            Edge1,
            _ =>
            {
                ready.Wait(Cancel);
                subscription!.DisposeAsync().AsTask().ContinueWith(_ => disposed.TrySetResult(), TaskScheduler.Default);
            },
            Cancel);
        ready.Set();
        Assert.True(await Fabric.SendAsync(Edge1, TestBodies.Bytes("x"), Cancel));
        await disposed.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    [Fact]
    public async Task SubscribeAsync_HandlerThrows_NextMessageArrives()
    {
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await Fabric.SubscribeAsync(
            Edge1,
            message =>
            {
                received.Take(message);
                throw new InvalidOperationException("a handler's mistake");
            },
            Cancel);
        Assert.True(await Fabric.SendAsync(Edge1, TestBodies.Bytes("a"), Cancel));
        Assert.True(await Fabric.SendAsync(Edge1, TestBodies.Bytes("b"), Cancel));
        Assert.Equal(TestBodies.Bytes("a"), await received.NextAsync());
        Assert.Equal(TestBodies.Bytes("b"), await received.NextAsync());
    }

    [Fact]
    public async Task SendAsync_OtherFabric_Arrives()
    {
        MessageCollector received = await CollectAsync(Edge1);
        await AssertNothingSentAsync(Other, Edge1, received);
    }

    [Fact]
    public async Task SendAsync_SenselessArguments_Throw()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Fabric.SendAsync(default, default, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Fabric.SendAsync(
            Edge1, new byte[FabricLimits.SendBytesMax + 1], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Fabric.SubscribeAsync(
            new(new string('a', FabricLimits.AddressCharactersMax + 1)), _ => { }, Cancel));
    }

    [Fact]
    public async Task EveryCall_Cancelled_Throws()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Fabric.SendAsync(Edge1, default, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Fabric.FlushAsync(new(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fabric.ReadSlotsAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fabric.ClaimSlotsAsync(Master, 0, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fabric.ReadTailAsync(TestBodies.Room, 1, 1, cancelled));
    }

    [Fact]
    public async Task EveryCall_Disposed_Throws()
    {
        bool told = Fabric.IsConnected;
        await Fabric.DisposeAsync();
        await Fabric.DisposeAsync();
        Assert.True(told);
        Assert.False(Fabric.IsConnected);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Fabric.SendAsync(Edge1, default, Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Fabric.FlushAsync(new(), Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Fabric.ReadSlotsAsync(Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Fabric.ClaimSlotsAsync(Master, 0, Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Fabric.SubscribeAsync(Edge1, _ => { }, Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Fabric.ReadFromAsync(TestBodies.Room, 0, 0, 1, Cancel));
    }
}
