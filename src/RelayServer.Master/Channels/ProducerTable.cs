namespace RelayServer.Master.Channels;

/// <summary>The producers of one channel.</summary>
internal sealed class ProducerTable
{
    private const int SweepProducersMin = 64;
    private readonly Dictionary<ulong, ProducerHistory> _producers = new(KeyedUInt64Comparer.Instance);
    private int _sweepAt = SweepProducersMin;

    public ProducerHistory GetOrAdd(ReadOnlySpan<byte> userId, ulong producerId, ulong trimmedSeq)
    {
        _producers.TryGetValue(producerId, out ProducerHistory? first);
        for (ProducerHistory? producer = first; producer is not null; producer = producer.Next)
        {
            if (userId.SequenceEqual(producer.UserId))
            {
                return producer;
            }
        }

        SweepWhenGrown(trimmedSeq);
        var added = new ProducerHistory(userId.ToArray());
        if (_producers.TryGetValue(producerId, out first))
        {
            added.Next = first.Next;
            first.Next = added;
        }
        else
        {
            _producers.Add(producerId, added);
        }

        return added;
    }

    // Producers whose every number has left the log are dropped whenever the table has doubled: memory follows the log.
    private void SweepWhenGrown(ulong trimmedSeq)
    {
        if (_producers.Count < _sweepAt)
        {
            return;
        }

        foreach ((ulong id, ProducerHistory producer) in _producers)
        {
            producer.Trim(trimmedSeq);
            if (producer.IsEmpty && producer.Next is null)
            {
                _producers.Remove(id);
            }
        }

        _sweepAt = Math.Max(SweepProducersMin, 2 * _producers.Count);
    }
}
