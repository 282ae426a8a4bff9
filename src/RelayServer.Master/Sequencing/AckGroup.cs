using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>The (number, seq) pairs of one PUB_ACK in the making.</summary>
internal sealed class AckGroup
{
    public PooledBuffer Pairs { get; } = new();

    public int Count { get; private set; }

    public void Add(ulong number, ulong seq)
    {
        var writer = new MessagePackWriter(Pairs.Reserve(2 * MessagePackWriter.IntegerBytesMax));
        writer.WriteUInt64(number);
        writer.WriteUInt64(seq);
        Pairs.Advance(writer.WrittenBytes);
        Count++;
    }

    public void Clear()
    {
        Pairs.Clear();
        Count = 0;
    }
}
