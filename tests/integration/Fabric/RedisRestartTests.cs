using System.Diagnostics;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>One fabric that outlives its Redis many times, at moments that nobody chose.</summary>
[Collection(AloneCollection.Name)]
public sealed class RedisRestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Restarts = 20;
    private const int CommandTimeoutMilliseconds = 1000;

    // Where the library leaves its writing thread behind, or one of its loops never ends, it shows here.
    private const string WriterThreadName = "relay:Write";

    // What a single thread that spins takes by itself; the whole test takes half of it.
    private const double CpuSecondsPerSecondMax = 1;

    private static readonly FabricAddress Edge = FabricAddress.Edge("e");
    private static readonly TimeSpan HearAgainPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan DisposePatience = TimeSpan.FromMilliseconds(3 * CommandTimeoutMilliseconds);

    private readonly CapturedLogs _logs = new();
    private RedisServer? _server;
    private ulong _epoch;
    private ulong _seq;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RedisServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "no");

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Restarts_AtRandomMoments_SubscriberHearsAndFlushCommitsAfterEach()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var received = new MessageCollector();
        await using RedisFabric fabric = await ConnectAsync();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        long started = Stopwatch.GetTimestamp();
        for (int restart = 0; restart < Restarts; restart++)
        {
            await EndAsync(random);
            await Server.StartAgainAsync();
            if (random.Next(3) == 0)
            {
                // Gone again before, while or after the fabric has found it.
                await SendAsync(fabric, random.Next(200));
                continue;
            }

            await HearAgainAsync(fabric, received, $"restart {restart} of seed {seed}");
            await FlushAsync(fabric);
            await SendAsync(fabric, random.Next(200));
        }

        await HearAgainAsync(fabric, received, $"the last restart of seed {seed}");
        await FlushAsync(fabric);
        double cpu = (Process.GetCurrentProcess().TotalProcessorTime - cpuBefore) / Stopwatch.GetElapsedTime(started);
        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s at {cpu:F2} CPUs");
        Assert.True(cpu < CpuSecondsPerSecondMax, $"{cpu:F2} CPUs busy, seed {seed}");
        Assert.Equal(1, CountWriterThreads());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DisposeAsync_RedisKilledOrHangs_ReturnsInTime(bool hangs)
    {
        for (int round = 0; round < 5; round++)
        {
            RedisFabric fabric = await ConnectAsync();
            var watch = new ConnectionWatch(fabric);
            IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, _ => { }, Cancel);
            Task<bool> sending;
            if (hangs)
            {
                await Server.PauseAsync();
                sending = fabric.SendAsync(Edge, Bytes("x"), Cancel).AsTask();
            }
            else
            {
                await Server.KillAsync();
                sending = fabric.SendAsync(Edge, Bytes("x"), Cancel).AsTask();
                if (round % 2 == 0)
                {
                    // Once when it is known, once right away.
                    await watch.UntilAsync(connected: false);
                }
            }

            await fabric.DisposeAsync().AsTask().WaitAsync(DisposePatience, Cancel);
            await subscription.DisposeAsync().AsTask().WaitAsync(DisposePatience, Cancel);
            Assert.False(await sending);
            Assert.False(fabric.IsConnected);
            await (hangs ? Server.ResumeAsync() : Server.StartAgainAsync());
        }

        await Eventually.TrueAsync(() => CountWriterThreads() == 0, HearAgainPatience, () => $"{CountWriterThreads()} threads left behind");
    }

    private static int CountWriterThreads() => Directory.EnumerateDirectories("/proc/self/task").Count(IsWriter);

    private static bool IsWriter(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd() == WriterThreadName;
        }
        catch (IOException)
        {
            // Just ended.
            return false;
        }
    }

    private static async Task SendAsync(RedisFabric fabric, int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            await fabric.SendAsync(Edge, Bytes("meanwhile"), Cancel);
        }
    }

    private static async Task HearAgainAsync(RedisFabric fabric, MessageCollector received, string when)
    {
        string text = Guid.NewGuid().ToString();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(HearAgainPatience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (true)
            {
                await fabric.SendAsync(Edge, Bytes(text), deadline.Token);
                await timer.WaitForNextTickAsync(deadline.Token);
                while (received.Count > 0)
                {
                    if ((await received.NextAsync()).SequenceEqual(Bytes(text)))
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            Assert.Fail($"nothing heard after {when}: connected {fabric.IsConnected}, {fabric.NotReadyReason}");
        }
    }

    private Task EndAsync(Random random) => random.Next(2) == 0 ? Server.KillAsync() : Server.StopAsync();

    // Claims where the master would: each restart makes another store of it.
    private async Task FlushAsync(RedisFabric fabric)
    {
        if (await fabric.FlushAsync(Flush("m", _epoch, Append(Room, _epoch, _seq + 1)), Cancel) != FlushStatus.Committed)
        {
            _epoch = (await fabric.ClaimSlotsAsync("m", _epoch, Cancel))[0].Epoch;
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", _epoch, Append(Room, _epoch, _seq + 1)), Cancel));
        }

        _seq++;
    }

    private async Task<RedisFabric> ConnectAsync()
    {
        RedisFabric fabric = await RedisFabric.ConnectAsync(
            new() { Endpoints = Server.Endpoint, CommandTimeoutMilliseconds = CommandTimeoutMilliseconds }, _logs, Cancel);
        Assert.True(fabric.IsConnected, fabric.NotReadyReason);
        return fabric;
    }
}
