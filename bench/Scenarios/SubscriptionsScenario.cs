using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Bench.Measurement;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.Identity;
using RelayServer.Master;
using RelayServer.Master.Hosting;
using RelayServer.Master.Services;
using RelayServer.Rooms;

namespace RelayServer.Bench.Scenarios;

/// <summary>Many stored subscriptions: what it takes to read them, to find whom an update is for, and to give it to them.</summary>
internal sealed class SubscriptionsScenario(SubscriptionsOptions options, RunProgress progress) : ITokenValidator
{
    private const string Service = "bench";
    private const string Topic = "bench.topic";
    private const int RecordsPerFlush = 1024;
    private const int Finds = 200;

    private long _handedOn;
    private int _known;

    /// <summary>Runs it, in a folder of its own that goes with it.</summary>
    public async Task<SubscriptionsResult> RunAsync(CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("relay-bench-").FullName;
        try
        {
            await using EmbeddedFabric fabric = await EmbeddedFabric.OpenAsync(
                new EmbeddedFabricOptions { DataFolder = folder }, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
            double store = await TimeAsync(() => StoreAsync(fabric, cancellationToken));
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var index = new SubscriptionIndex();
            double load = await TimeAsync(() => LoadAsync(fabric, index, cancellationToken));
            long held = GC.GetTotalMemory(forceFullCollection: true) - before;
            (int receivers, double find) = Find(index);
            index.Clear();
            progress.Say($"{load:F1} s to read {options.Subscriptions:N0} subscriptions; handing an update on to {receivers:N0}");
            (double cold, double warm) = await HandOnAsync(fabric, receivers, cancellationToken);
            return new SubscriptionsResult(store, load, held, receivers, find, cold, warm);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<TokenResult> ValidateAsync(string token) =>
        new(new TokenResult(TokenStatus.Valid, token, DateTimeOffset.MaxValue, string.Empty, TokenRole.Service, Service));

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long start = Clock.NowNanoseconds;
        await work();
        return Clock.ToSeconds(Clock.NowNanoseconds - start);
    }

    private async Task StoreAsync(EmbeddedFabric fabric, CancellationToken cancellationToken)
    {
        IReadOnlyList<SlotOwner> slots = await fabric.ClaimSlotsAsync("bench", 0, cancellationToken);
        var flush = new FabricFlush();
        for (int stored = 0; stored < options.Subscriptions;)
        {
            flush.Clear();
            flush.Slots.Add(slots[0]);
            for (; stored < options.Subscriptions && flush.Records.Count < RecordsPerFlush; stored++)
            {
                string user = string.Create(CultureInfo.InvariantCulture, $"user-{stored}");
                var inbox = new RoomState();
                inbox.Apply(RoomControl.Subscribe(Topic, [SubjectOf(stored % options.Subjects)]), Encoding.UTF8.GetBytes(user), Role.Host, 1);
                flush.Records.Add(new FabricRecord($"inbox:{user}", inbox.Encode()));
            }

            await fabric.FlushAsync(flush, cancellationToken);
            progress.Update($"stored {stored:N0} subscriptions");
        }
    }

    private static async Task LoadAsync(EmbeddedFabric fabric, SubscriptionIndex index, CancellationToken cancellationToken)
    {
        StoredRecords page;
        ulong cursor = 0;
        do
        {
            RecordList list = await fabric.ListRecordsAsync(cursor, FabricLimits.ListRecordsMax, cancellationToken);
            page = StoredRecords.Read(list);
            foreach ((string channel, IReadOnlyList<Subscription> subscriptions) in page.Subscriptions)
            {
                index.Note(channel, subscriptions);
            }

            cursor = list.Next;
        }
        while (!page.IsLast);
    }

    private (int Receivers, double Microseconds) Find(SubscriptionIndex index)
    {
        int found = 0;
        long start = Clock.NowNanoseconds;
        for (int i = 0; i < Finds; i++)
        {
            found += index.Find(Topic, [SubjectOf(i % options.Subjects)]).Length;
        }

        return (found / Finds, Clock.ToSeconds(Clock.NowNanoseconds - start) * 1_000_000 / Finds);
    }

    // A relay of one master and one edge, and a service that connects to it like any other.
    private async Task<(double Cold, double Warm)> HandOnAsync(EmbeddedFabric fabric, int receivers, CancellationToken cancellationToken)
    {
        using MeterListener meters = Listen();
        await using var master = new MasterServer(new MasterOptions(), fabric, TimeProvider.System, NullLoggerFactory.Instance);
        await using var edge = new EdgeServer(
            new EdgeOptions { Name = "bench", Listen = "127.0.0.1:0" }, fabric, this, TimeProvider.System, NullLoggerFactory.Instance);
        await master.StartAsync(cancellationToken);
        await edge.StartAsync(cancellationToken);
        var definition = new ServiceDefinition
        {
            Name = Service,
            Title = "Benchmark",
            Topics = [new ServiceTopic { Name = "topic", Title = "Topic", IsOpen = true }],
        };
        await using RelayService service = await RelayService.StartAsync(
            new RelayClientOptions
            {
                Endpoints = [new RelayEndpoint(edge.Endpoint.Address.ToString(), edge.Endpoint.Port)],
                TokenProvider = _ => new ValueTask<string>("bench-service"),
            },
            definition,
            (_, _) => new ValueTask<ServiceResult>(ServiceResult.Of("")),
            cancellationToken);

        // What a new master has yet to read is in the time to load.
        while (Volatile.Read(ref _known) < options.Subscriptions)
        {
            await Task.Delay(1, cancellationToken);
            meters.RecordObservableInstruments();
        }

        double cold = await UpdateAsync(service, meters, 1, receivers, cancellationToken);
        double warm = await UpdateAsync(service, meters, 2, 2 * receivers, cancellationToken);
        return (cold, warm);
    }

    private async Task<double> UpdateAsync(RelayService service, MeterListener meters, ulong number, int handedOn, CancellationToken cancellationToken) => await TimeAsync(async () =>
    {
        var card = new ServiceCard { Item = $"item-{number}", Title = "An update", Text = "Something that one in many wants to know." };
        await service.UpdateAsync($"topic:{Topic}", card, [SubjectOf(0)], number, cancellationToken);
        while (Volatile.Read(ref _handedOn) < handedOn)
        {
            await Task.Delay(1, cancellationToken);
            meters.RecordObservableInstruments();
        }
    });

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name is "relay.master.updates.handed_on" or "relay.master.subscriptions")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Volatile.Write(ref _handedOn, value));
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => Volatile.Write(ref _known, value));
        listener.Start();
        return listener;
    }

    private static string SubjectOf(int index) => string.Create(CultureInfo.InvariantCulture, $"subject-{index}");
}
