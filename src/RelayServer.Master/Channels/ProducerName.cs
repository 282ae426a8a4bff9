namespace RelayServer.Master.Channels;

/// <summary>A <see cref="ProducerKey"/> as it stands in a message.</summary>
internal readonly ref struct ProducerName(ReadOnlySpan<byte> userId, ulong producerId)
{
    public ReadOnlySpan<byte> UserId { get; } = userId;

    public ulong ProducerId { get; } = producerId;
}
