namespace RelayServer.Protocol;

/// <summary>A body, payload or entry that says how much room it needs.</summary>
public interface IEncodedBody
{
    /// <summary>Room that it surely fits into, in bytes.</summary>
    int EncodedBytesMax { get; }

    /// <summary>Writes it; false when <paramref name="destination"/> is too small.</summary>
    bool TryEncode(Span<byte> destination, out int writtenBytes);
}
