namespace RelayServer.Protocol;

/// <summary>An argument of a command.</summary>
/// <param name="value">In UTF-8.</param>
public readonly ref struct CommandArgument(ReadOnlySpan<byte> value) : IListEntry<CommandArgument>
{
    /// <summary>In UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.ArgumentsMax;

    /// <inheritdoc/>
    public static CommandArgument Read(scoped ref MessagePackReader reader) => new(reader.ReadString(ProtocolLimits.ArgumentBytesMax));
}
