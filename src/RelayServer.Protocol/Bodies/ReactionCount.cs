namespace RelayServer.Protocol;

/// <summary>How often a reaction was given, in a flat list: reaction, count, reaction, count….</summary>
/// <param name="Reaction">Which one.</param>
/// <param name="Count">How often.</param>
public readonly record struct ReactionCount(byte Reaction, uint Count) : IListEntry<ReactionCount>
{
    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.ReactionsMax;

    /// <inheritdoc/>
    public static int ValuesPerEntry => 2;

    /// <inheritdoc/>
    public static ReactionCount Read(scoped ref MessagePackReader reader) =>
        new((byte)reader.ReadUInt64(ProtocolLimits.ReactionsMax - 1), reader.ReadUInt32());
}
