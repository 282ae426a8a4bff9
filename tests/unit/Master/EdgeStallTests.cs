namespace RelayServer.UnitTests.Master;

/// <summary>How long one edge that confirms late holds up the others.</summary>
public sealed class EdgeStallTests : IDisposable
{
    private const int PatienceMilliseconds = 100;
    private const int LateMilliseconds = 90;
    private const int RunMilliseconds = 10_000;
    private readonly MasterBench _bench = new(options =>
    {
        options.EdgeUnconfirmedBytesMax = 2000;
        options.EdgeStallMilliseconds = PatienceMilliseconds;
    });

    [Fact]
    public void TryBuildFlush_OneOfThreeEdgesIsLateOverAndOver_HoldsTheOthersUpForATenthOfTheTime() =>
        Assert.InRange(Run(others: 2), PatienceMilliseconds, PatienceMilliseconds + (RunMilliseconds / 10) + LateMilliseconds);

    [Fact]
    public void TryBuildFlush_TheOnlyEdgeIsLateOverAndOver_IsWaitedForEachTime() =>
        Assert.InRange(Run(others: 0), RunMilliseconds * 8 / 10, RunMilliseconds);

    public void Dispose() => _bench.Dispose();

    // Milliseconds in which the master held its flush back.
    private int Run(int others)
    {
        EdgeVoice late = Ready("late");
        List<EdgeVoice> edges = [late, .. Enumerable.Range(0, others).Select(i => Ready($"prompt-{i}"))];
        ulong number = 0;
        ulong owedSince = 0;
        ulong owed = 0;
        int held = 0;
        for (int i = 0; i < RunMilliseconds; i++, _bench.Now++)
        {
            edges.ForEach(edge => edge.Now = _bench.Now);
            edges[^1].Publish("room", ++number, payloadBytes: 3000);
            List<RelayView> relays = _bench.Flush();
            held += relays.Count == 0 ? 1 : 0;
            foreach (RelayView relay in relays)
            {
                EdgeVoice edge = edges.Single(edge => edge.Address == relay.To);
                if (edge != late)
                {
                    edge.Confirmed = relay.RelayNo;
                    edge.Heartbeat();
                    continue;
                }

                owedSince = owedSince == 0 ? _bench.Now : owedSince;
                owed = relay.RelayNo;
            }

            if (owedSince > 0 && _bench.Now - owedSince >= LateMilliseconds)
            {
                late.Confirmed = owed;
                late.Heartbeat();
                owedSince = 0;
            }
        }

        return held;
    }

    private EdgeVoice Ready(string id)
    {
        EdgeVoice edge = _bench.Edge(id);
        edge.Interest("room");
        _bench.Load();
        edge.Confirmed = _bench.Flush().Single(relay => relay.To == edge.Address).RelayNo;
        edge.Heartbeat();
        return edge;
    }
}
