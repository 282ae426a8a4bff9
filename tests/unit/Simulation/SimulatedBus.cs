namespace RelayServer.UnitTests.Simulation;

/// <summary>The part of a fabric that carries: at most once, in order per sender and address, late and lossy.</summary>
internal sealed class SimulatedBus(VirtualTime time, Faults faults)
{
    private const int DelayMilliseconds = 8;
    private readonly Dictionary<string, Action<byte[]>> _subscribers = [];
    private readonly Dictionary<(string, string), Queue<byte[]>> _lanes = [];

    public void Subscribe(string address, Action<byte[]> handler) => _subscribers[address] = handler;

    public void Unsubscribe(string address) => _subscribers.Remove(address);

    public void Send(string from, string to, byte[] message)
    {
        if (faults.IsFabricDown || (faults.BusLosesOneIn > 0 && time.OneIn(faults.BusLosesOneIn)))
        {
            return;
        }

        if (!_lanes.TryGetValue((from, to), out Queue<byte[]>? lane))
        {
            lane = new Queue<byte[]>();
            _lanes.Add((from, to), lane);
        }

        lane.Enqueue(message);
        time.Soon(DelayMilliseconds, () =>
        {
            byte[] next = lane.Dequeue();
            if (_subscribers.TryGetValue(to, out Action<byte[]>? handler))
            {
                handler(next);
            }
        });
    }
}
