using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Client;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A master that has more to do than one flush after the other takes does what is due at a time, nevertheless.</summary>
public sealed class BacklogTests
{
    private const string Busy = "busy";
    private const string Room = "room";
    private const int Publishers = 4;
    private const int UnansweredMax = 64;
    private static readonly string s_text = new('x', 16 * 1024);

    [Fact(Timeout = 60_000)]
    public async Task Counts_MoreIsPublishedThanFlushesTake_ComeAllTheSame()
    {
        var folder = new TemporaryFolder();
        IFabric store = await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await using TestRelay relay = await TestRelay.StartAsync(new SlowFlushes(store), folder);
        await using RelayClient member = await ConnectAsync(relay, "member");
        RelaySubscription subscription = await member.JoinAsync(Room, JoinFrom.Live, TestContext.Current.CancellationToken);
        using var end = new CancellationTokenSource();
        Task[] publishing = [.. Enumerable.Range(0, Publishers).Select(index => PublishAsync(relay, $"publisher-{index}", end.Token))];
        try
        {
            await using RelayClient other = await ConnectAsync(relay, "other");
            await other.JoinAsync(Room, JoinFrom.Live, TestContext.Current.CancellationToken);
            await CountAsync(subscription, 2);
            await other.DisposeAsync();
            await CountAsync(subscription, 1);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(publishing);
        }
    }

    private static async Task CountAsync(RelaySubscription subscription, uint total)
    {
        await foreach (RelayEvent next in subscription.WithCancellation(TestContext.Current.CancellationToken))
        {
            if (next is RelayCounts counts && counts.Total == total)
            {
                return;
            }
        }
    }

    private static async Task PublishAsync(TestRelay relay, string user, CancellationToken end)
    {
        await using RelayClient client = await ConnectAsync(relay, user);
        await client.JoinAsync(Busy, JoinFrom.Live, TestContext.Current.CancellationToken);
        var unanswered = new Queue<Task>();
        while (!end.IsCancellationRequested)
        {
            unanswered.Enqueue(client.PublishAsync(Busy, s_text, TestContext.Current.CancellationToken).AsTask());
            if (unanswered.Count == UnansweredMax)
            {
                await unanswered.Dequeue();
            }
        }

        await Task.WhenAll(unanswered);
    }

    private static async Task<RelayClient> ConnectAsync(TestRelay relay, string user)
    {
        var client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint("127.0.0.1", relay.A.Port)],
            TokenProvider = _ => ValueTask.FromResult($"user:{user}"),
        });
        await client.ConnectAsync(TestContext.Current.CancellationToken);
        return client;
    }
}
