using RelayServer.Fabric;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>Collects acks so that one flush answers each session once per channel and producer.</summary>
internal sealed class AckBook
{
    private readonly Dictionary<AckKey, AckGroup> _groups = [];
    private readonly Stack<AckGroup> _spare = new();
    private AckKey _lastKey;
    private AckGroup? _lastGroup;

    public void Add(in AckKey key, ulong number, ulong seq)
    {
        // Publishes of one session arrive in runs.
        if (_lastGroup is null || _lastKey != key)
        {
            if (!_groups.TryGetValue(key, out _lastGroup))
            {
                _lastGroup = _spare.TryPop(out AckGroup? spare) ? spare : new AckGroup();
                _groups.Add(key, _lastGroup);
            }

            _lastKey = key;
        }

        _lastGroup.Add(number, seq);
        if (_lastGroup.Count == ProtocolLimits.PubAckMessagesMax)
        {
            Write(key, _lastGroup);
            _lastGroup.Clear();
        }
    }

    /// <summary>Writes all acks into the relays of their edges.</summary>
    public void WriteAll()
    {
        foreach ((AckKey key, AckGroup group) in _groups)
        {
            if (group.Count > 0)
            {
                Write(key, group);
            }

            group.Clear();
            _spare.Push(group);
        }

        Forget();
    }

    /// <summary>Drops everything collected.</summary>
    public void Forget()
    {
        _groups.Clear();
        _lastGroup = null;
        _lastKey = default;
    }

    private static void Write(in AckKey key, AckGroup group)
    {
        var body = new PubAckBody
        {
            Channel = key.Alias ?? key.Log.Channel.Name,
            ProducerId = key.ProducerId,
            Log = key.Alias is null ? new Position(key.Log.Key.Generation, key.Log.Key.Partition, key.Epoch, 0) : default,
            Count = group.Count,
            EncodedPairs = group.Pairs.WrittenSpan,
        };
        using var encoded = new PooledBuffer();
        body.TryEncode(encoded.Reserve(PubAckBody.OverheadBytesMax + body.Channel.Length + body.EncodedPairs.Length), out int bodyBytes);
        encoded.Advance(bodyBytes);
        RelayRecords.Write(key.Link.Records, new RelayRecord
        {
            Kind = RelayKind.Ack,
            Session = key.Session,
            Body = encoded.WrittenSpan,
        });
    }
}
