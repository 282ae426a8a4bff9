namespace RelayServer.Master.Channels;

/// <summary>Finds producers by what stands in a message. The hash is keyed per process: clients choose its inputs.</summary>
internal sealed class ProducerComparer : IEqualityComparer<ProducerKey>, IAlternateEqualityComparer<ProducerName, ProducerKey>
{
    private ProducerComparer()
    {
    }

    public static ProducerComparer Instance { get; } = new();

    public bool Equals(ProducerKey x, ProducerKey y) => x.ProducerId == y.ProducerId && x.UserId.AsSpan().SequenceEqual(y.UserId);

    public int GetHashCode(ProducerKey obj) => GetHashCode(new ProducerName(obj.UserId, obj.ProducerId));

    public bool Equals(ProducerName alternate, ProducerKey other) =>
        alternate.ProducerId == other.ProducerId && alternate.UserId.SequenceEqual(other.UserId);

    public int GetHashCode(ProducerName alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate.UserId);
        hash.Add(alternate.ProducerId);
        return hash.ToHashCode();
    }

    public ProducerKey Create(ProducerName alternate) => new(alternate.UserId.ToArray(), alternate.ProducerId);
}
