using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class InboxTests : IDisposable
{
    private const int MessageBytes = 1000;
    private const int CostBytes = MessageBytes + Inbox.MessageOverheadBytes;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<int> _received = new();
    private readonly ManualResetEventSlim _running = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly SemaphoreSlim _handled = new(0);

    public void Dispose()
    {
        _running.Dispose();
        _release.Dispose();
        _handled.Dispose();
    }

    [Fact]
    public async Task Post_SubscriberTooFarBehind_NewestDroppedAndTheRestInOrder()
    {
        var inbox = Create(5 * CostBytes);
        inbox.Post(Message(0));
        Assert.True(_running.Wait(Patience, TestContext.Current.CancellationToken));
        for (int i = 1; i <= 20; i++)
        {
            inbox.Post(Message(i));
        }

        _release.Set();
        await HandledAsync(6);
        inbox.Post(Message(99));
        await HandledAsync(1);

        // One was with the handler, five waited; the sixth found the inbox full.
        Assert.Equal([0, 1, 2, 3, 4, 5, 99], _received);
    }

    [Fact]
    public async Task Post_EmptyMessages_BoundedToo()
    {
        var inbox = Create(10 * Inbox.MessageOverheadBytes);
        inbox.Post(Message(0));
        Assert.True(_running.Wait(Patience, TestContext.Current.CancellationToken));
        for (int i = 0; i < 1000; i++)
        {
            inbox.Post(ReadOnlyMemory<byte>.Empty);
        }

        _release.Set();
        await HandledAsync(1 + 10);
        inbox.Post(Message(99));
        await HandledAsync(1);
        Assert.Equal(1 + 10 + 1, _received.Count);
    }

    [Fact]
    public async Task Post_OneMessageAboveTheBound_TakenWhenNothingElseWaits()
    {
        _release.Set();
        var inbox = Create(10);
        inbox.Post(Message(1));
        await HandledAsync(1);
        Assert.Equal([1], _received);
    }

    [Fact]
    public async Task CloseAsync_HandlerRuns_WaitsForItAndDropsTheRest()
    {
        var inbox = Create(100 * CostBytes);
        inbox.Post(Message(0));
        inbox.Post(Message(1));
        Assert.True(_running.Wait(Patience, TestContext.Current.CancellationToken));
        Task closed = inbox.CloseAsync();
        Assert.False(closed.IsCompleted);
        _release.Set();
        await closed.WaitAsync(Patience, TestContext.Current.CancellationToken);
        inbox.Post(Message(2));
        Assert.Equal([0], _received);
        Assert.True(inbox.CloseAsync().IsCompleted);
    }

    [Fact]
    public async Task Post_FromManyThreads_EachThreadsOrderKept()
    {
        const int Threads = 4;
        const int Each = 5000;
        _release.Set();
        var inbox = Create(long.MaxValue);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                inbox.Post(BitConverter.GetBytes((thread * Each) + i));
            }
        })));
        await HandledAsync(Threads * Each);
        foreach (IGrouping<int, int> thread in _received.GroupBy(value => value / Each))
        {
            Assert.Equal(Enumerable.Range(thread.Key * Each, Each), thread);
        }
    }

    private static byte[] Message(int number)
    {
        byte[] message = new byte[MessageBytes];
        BitConverter.TryWriteBytes(message, number);
        return message;
    }

    private Inbox Create(long bytesMax) => new(FabricAddress.Edge("e"), Handle, bytesMax, FabricMetrics.Embedded, NullLogger.Instance);

    private void Handle(ReadOnlyMemory<byte> message)
    {
        _running.Set();
        _release.Wait(Patience);
        _received.Enqueue(message.IsEmpty ? -1 : BitConverter.ToInt32(message.Span));
        _handled.Release();
    }

    private async Task HandledAsync(int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            Assert.True(await _handled.WaitAsync(Patience, TestContext.Current.CancellationToken));
        }
    }
}
