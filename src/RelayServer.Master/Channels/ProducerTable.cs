namespace RelayServer.Master.Channels;

/// <summary>The producers of one channel.</summary>
internal sealed class ProducerTable
{
    private const int SweepProducersMin = 64;
    private const int SweepRunsMin = 64;

    private readonly Dictionary<ProducerKey, ProducerHistory> _producers = new(ProducerComparer.Instance);
    private int _sweepAt = SweepProducersMin;
    private int _sweepAfter = SweepRunsMin;
    private int _grown;

    public int Count => _producers.Count;

    /// <summary>A producer of which numbers are known; null when none are.</summary>
    public ProducerHistory? Find(ReadOnlySpan<byte> userId, ulong producerId) =>
        _producers.GetAlternateLookup<ProducerName>().TryGetValue(new ProducerName(userId, producerId), out ProducerHistory? producer) && !producer.IsEmpty
            ? producer
            : null;

    public ProducerHistory GetOrAdd(ReadOnlySpan<byte> userId, ulong producerId)
    {
        var name = new ProducerName(userId, producerId);
        var byName = _producers.GetAlternateLookup<ProducerName>();
        if (byName.TryGetValue(name, out ProducerHistory? producer))
        {
            return producer;
        }

        SweepWhenGrown();
        producer = new ProducerHistory();
        byName[name] = producer;
        return producer;
    }

    /// <summary>Notes a number that the producer called new.</summary>
    public void Add(ProducerHistory producer, ulong number, MessagePlace place)
    {
        if (producer.Add(number, place) && ++_grown >= _sweepAfter)
        {
            Sweep();
        }
    }

    // Every history once so much has come to them as they all had: what left the logs is let go also where nobody asks any
    // more, and where older numbers stay. The producers themselves stay: one that comes again is told that its numbers are old.
    private void Sweep()
    {
        int held = _producers.Count;
        foreach (ProducerHistory producer in _producers.Values)
        {
            producer.Sweep();
            held += producer.Count;
        }

        _grown = 0;
        _sweepAfter = Math.Max(SweepRunsMin, held);
    }

    // Producers whose every number has left the log are dropped whenever the table has doubled: memory follows the log.
    private void SweepWhenGrown()
    {
        if (_producers.Count < _sweepAt)
        {
            return;
        }

        foreach ((ProducerKey key, ProducerHistory producer) in _producers)
        {
            producer.Trim();
            if (producer.IsEmpty)
            {
                _producers.Remove(key);
            }
        }

        _sweepAt = Math.Max(SweepProducersMin, 2 * _producers.Count);
    }
}
