using System.Globalization;
using System.Text;
using RelayServer.Bench.Load.Receiving;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Targets;

namespace RelayServer.Bench.Scenarios;

/// <summary>Connections that signed in, joined and only stay: what memory and CPU they take.</summary>
internal sealed class IdleScenario
{
    // Enough for the server's code to be compiled and its pools to exist, so that these do not count as connections.
    private const int WarmupConnections = 200;
    private const int StableReadings = 3;
    private const double StableShare = 0.002;
    private static readonly TimeSpan ReadingPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMinutes(2);

    private readonly IdleOptions _options;
    private readonly ITarget _target;
    private readonly RunProgress _progress;
    private readonly byte[][] _channels;

    /// <summary>Prepares a run.</summary>
    public IdleScenario(IdleOptions options, ITarget target, RunProgress progress)
    {
        _options = options;
        _target = target;
        _progress = progress;
        _channels = [.. Enumerable.Range(0, options.Channels).Select(i => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"idle-{i}")))];
    }

    /// <summary>Runs it.</summary>
    public async Task<IdleResult> RunAsync(CancellationToken cancellationToken)
    {
        if (_target.Processes.Count != 1)
        {
            throw new BenchException("idle measures one server process: leave out --redis, and name the process of --server with --server-pid.");
        }

        _progress.Say($"warm-up: {WarmupConnections} connections that go again");
        using (var warmup = new MemberFleet(1, WarmupConnections, 0, _channels[0]))
        {
            await ConnectAsync(warmup, WarmupConnections, cancellationToken);
        }

        long before = await SettleAsync(cancellationToken);
        using var fleet = new MemberFleet(1, _options.Connections, 0, _channels[0]);
        long start = Clock.NowNanoseconds;
        await ConnectAsync(fleet, _options.Connections, cancellationToken);
        double connectSeconds = Clock.ToSeconds(Clock.NowNanoseconds - start);
        long after = await SettleAsync(cancellationToken);

        _progress.Say($"{fleet.Joined} joined; measuring CPU for {_options.IdleSeconds:0.#} s");
        long heartbeats = fleet.Heartbeats;
        UsageSample sample = UsageSample.Take(_target.Processes, []);
        await Task.Delay(TimeSpan.FromSeconds(_options.IdleSeconds), cancellationToken);
        UsageSample spent = UsageSample.Take(_target.Processes, []).Since(sample);
        return new IdleResult
        {
            Joined = fleet.Joined,
            Disconnected = fleet.Disconnected,
            ConnectSeconds = connectSeconds,
            ResidentBytesBefore = before,
            ResidentBytesAfter = after,
            CpuPercent = 100 * spent.ServerCpuSeconds.Sum() / Clock.ToSeconds(spent.AtNanoseconds),
            IdleSeconds = Clock.ToSeconds(spent.AtNanoseconds),
            Heartbeats = fleet.Heartbeats - heartbeats,
            Problems = [.. fleet.Problems, .. _target.Problems],
        };
    }

    private async Task ConnectAsync(MemberFleet fleet, int connections, CancellationToken cancellationToken) =>
        await fleet.ConnectAsync(
            connections,
            [_target.Edges[0]],
            _target.Tokens,
            _channels,
            connected => ShowProgress(connected, connections),
            cancellationToken).WaitAsync(ConnectTimeout, cancellationToken);

    private void ShowProgress(int connected, int connections)
    {
        const int Step = 1000;
        if (connected % Step == 0)
        {
            _progress.Update($"{connected} of {connections} connected");
        }

        if (connected == connections)
        {
            _progress.End();
        }
    }

    // The resident memory once it no longer moves. What a collector has not given back yet counts: it is resident.
    private async Task<long> SettleAsync(CancellationToken cancellationToken)
    {
        long deadline = Clock.NowNanoseconds + Clock.ToNanoseconds(_options.SettleSeconds);
        long resident = Resident();
        for (int stable = 0; stable < StableReadings && Clock.NowNanoseconds < deadline;)
        {
            await Task.Delay(ReadingPeriod, cancellationToken);
            long now = Resident();
            stable = Math.Abs(now - resident) <= resident * StableShare ? stable + 1 : 0;
            resident = now;
        }

        return resident;
    }

    private long Resident() => ProcessStat.ResidentBytes(_target.Processes[0].ProcessId);
}
