namespace RelayServer.Master.Channels;

/// <summary>The producers of one channel.</summary>
internal sealed class ProducerTable
{
    private const int SweepProducersMin = 64;
    private readonly Dictionary<ProducerKey, ProducerHistory> _producers = new(ProducerComparer.Instance);
    private int _sweepAt = SweepProducersMin;

    public int Count => _producers.Count;

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
