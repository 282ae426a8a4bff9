namespace RelayServer.Rooms;

/// <summary>The name of a message as it comes off the wire.</summary>
internal readonly ref struct DeletedMessageName(ReadOnlySpan<byte> user, ulong producerId, ulong number)
{
    public ReadOnlySpan<byte> User { get; } = user;

    public ulong ProducerId { get; } = producerId;

    public ulong Number { get; } = number;
}
