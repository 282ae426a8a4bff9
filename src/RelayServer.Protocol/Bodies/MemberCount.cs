namespace RelayServer.Protocol;

/// <summary>Members of one partition, in a list of one number for each.</summary>
/// <param name="Value">How many.</param>
public readonly record struct MemberCount(uint Value) : IListEntry<MemberCount>
{
    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.PartitionsMax;

    /// <inheritdoc/>
    public static MemberCount Read(scoped ref MessagePackReader reader) => new(reader.ReadUInt32());
}
