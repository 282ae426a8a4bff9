using System.Text;
using RelayServer.Bench.Load.Publishing;
using RelayServer.Bench.Load.Receiving;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Targets;
using RelayServer.Client;
using RelayServer.Rooms;

namespace RelayServer.Bench.Scenarios;

/// <summary>
/// One busy room, whole, divided by edges, and in groups: what each division costs at the same rate of publishing. What a
/// split saves is deliveries, so bytes and CPU are measured, not speed.
/// </summary>
internal sealed class SplitScenario(SplitOptions options, ITarget target, RunProgress progress)
{
    private const double LeadSeconds = 0.1;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly string _room = $"bench-{Guid.NewGuid():N}";

    /// <summary>Runs it.</summary>
    public async Task<IReadOnlyList<SplitPhase>> RunAsync(CancellationToken cancellationToken)
    {
        byte[] channel = Encoding.ASCII.GetBytes(_room);
        using var fleet = new MemberFleet(1, options.Members, options.Publishers, channel);
        progress.Say($"{options.Members} members join {target.Description}");
        await fleet.ConnectAsync(options.Members, target.Edges, target.Tokens, [channel], _ => { }, cancellationToken)
            .WaitAsync(ConnectTimeout + TimeSpan.FromMilliseconds(options.Members), cancellationToken);
        if (fleet.Joined < options.Members)
        {
            throw new BenchException($"Only {fleet.Joined} of {options.Members} members could join. {string.Join(" | ", fleet.Problems.Take(3))}");
        }

        await using RelayClient operatorClient = Operator();
        await operatorClient.ConnectAsync(cancellationToken);
        List<SplitPhase> phases = [await MeasureAsync("whole", 1, channel, cancellationToken)];
        await operatorClient.ControlAsync(_room, RoomControl.SplitByEdges(), cancellationToken);
        phases.Add(await MeasureAsync("by edges", target.Edges.Count, channel, cancellationToken));
        await operatorClient.ControlAsync(_room, RoomControl.Merge(), cancellationToken);
        await operatorClient.ControlAsync(_room, RoomControl.SplitIntoGroups((uint)options.Groups), cancellationToken);
        phases.Add(await MeasureAsync("in groups", options.Groups, channel, cancellationToken));
        if (fleet.Disconnected > 0)
        {
            throw new BenchException($"{fleet.Disconnected} members were disconnected, so the figures are of fewer. {string.Join(" | ", fleet.Problems.Take(3))}");
        }

        fleet.Stop();
        return phases;
    }

    private RelayClient Operator()
    {
        string token = target.OperatorToken
            ?? throw new BenchException("The split scenario starts the relay that it measures, to have an operator's token; leave --server out.");
        return new RelayClient(new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint(target.Edges[0].Address.ToString(), target.Edges[0].Port)],
            TokenProvider = _ => ValueTask.FromResult(token),
        });
    }

    private async Task<SplitPhase> MeasureAsync(string name, int partitions, byte[] channel, CancellationToken cancellationToken)
    {
        progress.Say($"{name}: {options.Rate:N0} messages/s for {options.Seconds:0.#} s");
        IPublisherGroup publishers = PublisherGroups.Create(
            PublisherKind.Raw, options.Publishers, target.Edges, target.Tokens, channel, options.PayloadBytes, () => 0);
        await using (publishers)
        {
            await publishers.ConnectAsync(cancellationToken).WaitAsync(ConnectTimeout, cancellationToken);
            long start = Clock.NowNanoseconds + Clock.ToNanoseconds(LeadSeconds);
            long measured = start + Clock.ToNanoseconds(options.WarmupSeconds);
            long end = measured + Clock.ToNanoseconds(options.Seconds);
            publishers.Start(new PublishPlan(
                options.Publishers, start, measured, end, options.Rate, publishers.WindowMessagesMax));
            await DelayUntilAsync(measured, cancellationToken);
            (UsageSample usage, double relayed, double delivered, long acked) before = await SampleAsync(publishers, cancellationToken);
            await DelayUntilAsync(end, cancellationToken);
            (UsageSample usage, double relayed, double delivered, long acked) after = await SampleAsync(publishers, cancellationToken);
            UsageSample spent = after.usage.Since(before.usage);
            double seconds = Clock.ToSeconds(spent.AtNanoseconds);
            await publishers.CompleteAsync(TimeSpan.FromSeconds(options.Seconds));
            return new SplitPhase(
                name,
                partitions,
                (after.acked - before.acked) / seconds,
                (after.relayed - before.relayed) / seconds,
                (after.delivered - before.delivered) / seconds,
                [.. spent.ServerCpuSeconds.Select(cpu => cpu / seconds)]);
        }
    }

    private async Task<(UsageSample Usage, double Relayed, double Delivered, long Acked)> SampleAsync(
        IPublisherGroup publishers, CancellationToken cancellationToken) => (
            UsageSample.Take(target.Processes, []),
            await MetricAsync("relay_master_relay_bytes", cancellationToken),
            await MetricAsync("relay_edge_deliver_bytes", cancellationToken),
            publishers.Totals.Acked);

    private async Task<double> MetricAsync(string name, CancellationToken cancellationToken) =>
        await MetricsScrape.SumAsync(target.Metrics, metric => metric.StartsWith(name, StringComparison.Ordinal), cancellationToken)
        ?? throw new BenchException($"The relay's metrics have no {name}.");

    private static Task DelayUntilAsync(long nanoseconds, CancellationToken cancellationToken) => Task.Delay(
        TimeSpan.FromSeconds(Math.Max(0, Clock.ToSeconds(nanoseconds - Clock.NowNanoseconds))), cancellationToken);
}
