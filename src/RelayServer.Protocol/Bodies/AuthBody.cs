namespace RelayServer.Protocol;

/// <summary>AUTH: <c>[token]</c>.</summary>
public ref struct AuthBody
{
    private const int FieldCount = 1;

    /// <summary>The token, as the issuer gave it.</summary>
    public ReadOnlySpan<byte> Token { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out AuthBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Token = reader.ReadString(ProtocolLimits.TokenBytesMax);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Token);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
