using System.Net;
using RelayServer.Bench.Load.Publishing;
using RelayServer.Bench.Load.Receiving;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Targets;

namespace RelayServer.Bench.Scenarios;

/// <summary>One room, some publishers, many members: how fast, how late, and is it all there.</summary>
internal sealed class FanoutScenario
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(10);

    // Time for the plan to reach the publishing thread before its first message is due.
    private const double LeadSeconds = 0.1;

    private readonly FanoutOptions _options;
    private readonly ITarget _target;
    private readonly RunProgress _progress;
    private readonly byte[] _channel = System.Text.Encoding.ASCII.GetBytes($"bench-{Guid.NewGuid():N}");

    /// <summary>Prepares a run.</summary>
    public FanoutScenario(FanoutOptions options, ITarget target, RunProgress progress)
    {
        _options = options;
        _target = target;
        _progress = progress;
    }

    /// <summary>Runs it.</summary>
    public async Task<FanoutResult> RunAsync(CancellationToken cancellationToken)
    {
        using var fleet = new MemberFleet(_options.Loops, _options.Members, _options.Publishers, _channel);
        await ConnectMembersAsync(fleet, cancellationToken);

        IPublisherGroup publishers = PublisherGroups.Create(
            _options.Publisher,
            _options.Publishers,
            PublishingEdges,
            _target.Tokens,
            _channel,
            _options.PayloadBytes,
            () => fleet.Received / _options.Members);
        await using (publishers)
        {
            await publishers.ConnectAsync(cancellationToken).WaitAsync(ConnectTimeout, cancellationToken);
            PublishPlan plan = Plan(publishers.WindowMessagesMax);
            fleet.CountFrom(plan.StartNanoseconds, plan.EndNanoseconds - plan.StartNanoseconds + Clock.ToNanoseconds(_options.DrainSeconds));
            publishers.Start(plan);
            MeasuredPhase phase = await MeasureAsync(plan, fleet, publishers, cancellationToken);
            await publishers.CompleteAsync(TimeSpan.FromSeconds(_options.DrainSeconds));
            await DrainAsync(fleet, publishers, cancellationToken);
            fleet.Stop();
            return Conclude(plan, phase, fleet, publishers);
        }
    }

    private IReadOnlyList<IPEndPoint> MemberEdges => _options.Apart ? [_target.Edges[0]] : _target.Edges;

    private IReadOnlyList<IPEndPoint> PublishingEdges => _options.Apart ? [_target.Edges[^1]] : _target.Edges;

    private async Task ConnectMembersAsync(MemberFleet fleet, CancellationToken cancellationToken)
    {
        _progress.Say($"{_options.Members} members join {_target.Description}");
        await fleet.ConnectAsync(_options.Members, MemberEdges, _target.Tokens, [_channel], _ => { }, cancellationToken)
            .WaitAsync(ConnectTimeout + TimeSpan.FromMilliseconds(_options.Members), cancellationToken);
        if (fleet.Joined < _options.Members)
        {
            throw new BenchException(
                $"Only {fleet.Joined} of {_options.Members} members could join. {string.Join(" | ", fleet.Problems.Take(3))}");
        }
    }

    private PublishPlan Plan(int windowMessagesMax)
    {
        long start = Clock.NowNanoseconds + Clock.ToNanoseconds(LeadSeconds);
        long measured = start + Clock.ToNanoseconds(_options.WarmupSeconds);
        return new PublishPlan(
            _options.Publishers,
            start,
            measured,
            measured + Clock.ToNanoseconds(_options.Seconds),
            _options.Rate,
            Math.Min(_options.WindowMessages, windowMessagesMax));
    }

    private async Task<MeasuredPhase> MeasureAsync(
        PublishPlan plan, MemberFleet fleet, IPublisherGroup publishers, CancellationToken cancellationToken)
    {
        _progress.Say(plan.IsOpenLoop
            ? $"open loop, {plan.MessagesPerSecond:N0} messages/s; warm-up {_options.WarmupSeconds:0.#} s"
            : $"closed loop, {plan.Publishers} x {plan.WindowMessages} unanswered; warm-up {_options.WarmupSeconds:0.#} s");

        // Well before the measured phase: a scrape costs the relay something too.
        await DelayUntilAsync((plan.StartNanoseconds + plan.MeasuredNanoseconds) / 2, cancellationToken);
        double? gcBefore = await MetricsScrape.GcPauseSecondsAsync(_target.Metrics, cancellationToken);
        await DelayUntilAsync(plan.MeasuredNanoseconds, cancellationToken);
        IReadOnlyList<ThreadUsage> threads = publishers.Usage is { } usage ? [.. fleet.Usage, usage] : fleet.Usage;
        UsageSample before = UsageSample.Take(_target.Processes, threads);
        long ackedBefore = publishers.Totals.Acked;

        long received = fleet.Received;
        long at = before.AtNanoseconds;
        while (at < plan.EndNanoseconds)
        {
            await DelayUntilAsync(Math.Min(at + (long)ProgressPeriod.TotalNanoseconds, plan.EndNanoseconds), cancellationToken);
            long now = Clock.NowNanoseconds;
            double rate = (fleet.Received - received) / Clock.ToSeconds(now - at);
            _progress.Update($"{Clock.ToSeconds(now - plan.MeasuredNanoseconds):F0} of {_options.Seconds:0.#} s: {rate / 1e6:F2} M deliveries/s");
            received = fleet.Received;
            at = now;
        }

        UsageSample spent = UsageSample.Take(_target.Processes, threads).Since(before);
        double ackRate = (publishers.Totals.Acked - ackedBefore) / Clock.ToSeconds(spent.AtNanoseconds);
        double? gcAfter = await MetricsScrape.GcPauseSecondsAsync(_target.Metrics, cancellationToken);
        _progress.End();
        return new MeasuredPhase(spent, ackRate, gcAfter - gcBefore);
    }

    // Publishing has ended and is answered: what is still in buffers arrives, or does not.
    private async Task DrainAsync(MemberFleet fleet, IPublisherGroup publishers, CancellationToken cancellationToken)
    {
        long expected = publishers.Totals.Acked * fleet.Joined;
        long received = fleet.Received;
        long deadline = Clock.NowNanoseconds + Clock.ToNanoseconds(_options.DrainSeconds);
        while (fleet.Received < expected && Clock.NowNanoseconds < deadline)
        {
            await Task.Delay(DrainPoll, cancellationToken);
            if (fleet.Received > received)
            {
                // Late is not lost: as long as something arrives, the rest may.
                received = fleet.Received;
                deadline = Clock.NowNanoseconds + Clock.ToNanoseconds(_options.DrainSeconds);
            }
        }

        // A moment more, so that what comes twice is seen too.
        await Task.Delay(DrainPoll * 10, cancellationToken);
    }

    private FanoutResult Conclude(PublishPlan plan, MeasuredPhase phase, MemberFleet fleet, IPublisherGroup publishers)
    {
        var latency = new LatencyHistogram();
        var series = new RateSeries(plan.StartNanoseconds, plan.EndNanoseconds - plan.StartNanoseconds + Clock.ToNanoseconds(_options.DrainSeconds));
        foreach (DeliveryVerifier verifier in fleet.Verifiers)
        {
            latency.Add(verifier.Latency);
            series.Add(verifier.Series!);
        }

        long last = fleet.Verifiers.Max(verifier => verifier.LastTimedNanoseconds);
        long bytes = fleet.Verifiers.Sum(verifier => verifier.ReceivedBytes);
        long malformed = fleet.Verifiers.Sum(verifier => verifier.Malformed);
        List<string> problems = [.. fleet.Problems, .. publishers.Problems, .. _target.Problems];
        if (malformed > 0)
        {
            problems.Add($"{malformed} frames could not be decoded");
        }

        return new FanoutResult
        {
            Audit = fleet.Audit(publishers.Acks),
            Publishes = publishers.Totals,
            Joined = fleet.Joined,
            Disconnected = fleet.Disconnected,
            DeliveriesPerSecond = last == 0 ? 0 : latency.Count / Clock.ToSeconds(last - plan.MeasuredNanoseconds),
            PublishesPerSecond = phase.AcksPerSecond,
            BytesPerSecond = last == 0 ? 0 : bytes / Clock.ToSeconds(last - plan.StartNanoseconds),
            BytesPerReceive = (double)bytes / Math.Max(fleet.ReceiveCalls, 1),
            DecodedShare = (double)fleet.Verifiers.Sum(verifier => verifier.DecodedBytes) / Math.Max(bytes, 1),
            Latency = latency,
            Series = series,
            Usage = phase.Usage,
            Processes = [.. _target.Processes.Select(process => process.Name)],
            ResidentBytes = [.. _target.Processes.Select(process => ProcessStat.ResidentBytes(process.ProcessId))],
            GcPauseSeconds = phase.GcPauseSeconds,
            Problems = problems,
        };
    }

    // Task.Delay cuts off what is below a millisecond.
    private static Task DelayUntilAsync(long nanoseconds, CancellationToken cancellationToken) => Task.Delay(
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, Clock.ToSeconds(nanoseconds - Clock.NowNanoseconds)) * 1000)), cancellationToken);
}
