namespace RelayServer.Protocol;

/// <summary>A member in a list of user ids.</summary>
/// <param name="value">The user id, in UTF-8.</param>
public readonly ref struct MemberName(ReadOnlySpan<byte> value) : IListEntry<MemberName>
{
    /// <summary>The user id, in UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.MemberNamesMax;

    /// <inheritdoc/>
    public static MemberName Read(scoped ref MessagePackReader reader) => new(reader.ReadString(ProtocolLimits.UserIdBytesMax));
}
