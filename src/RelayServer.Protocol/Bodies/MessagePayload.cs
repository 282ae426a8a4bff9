namespace RelayServer.Protocol;

/// <summary>The wire form of a payload: a string for text, a byte array for the rest.</summary>
internal static class MessagePayload
{
    public static ReadOnlySpan<byte> Read(scoped ref MessagePackReader reader, MessageKind kind)
    {
        // A kind of a later version may have either form: a reader that does not know it still passes over it.
        bool text = kind == MessageKind.Text || (kind > MessageKind.Control && reader.IsString);
        return text ? ReadKnown(ref reader, MessageKind.Text) : ReadKnown(ref reader, kind);
    }

    /// <summary>Reads the payload of a kind that this version writes, in the one form that it has.</summary>
    public static ReadOnlySpan<byte> ReadKnown(scoped ref MessagePackReader reader, MessageKind kind) => kind == MessageKind.Text
        ? reader.ReadString(ProtocolLimits.ClientFrameBytesMax)
        : reader.ReadBinary(ProtocolLimits.ClientFrameBytesMax);

    public static void Write(ref MessagePackWriter writer, MessageKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == MessageKind.Text)
        {
            writer.WriteString(payload);
        }
        else
        {
            writer.WriteBinary(payload);
        }
    }
}
