namespace RelayServer.Protocol;

/// <summary>A subject of an update or a subscription.</summary>
/// <param name="value">In UTF-8.</param>
public readonly ref struct SubjectName(ReadOnlySpan<byte> value) : IListEntry<SubjectName>
{
    /// <summary>In UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.SubjectsMax;

    /// <inheritdoc/>
    public static SubjectName Read(scoped ref MessagePackReader reader) => new(reader.ReadString(ProtocolLimits.SubjectBytesMax));
}
