namespace RelayServer.Protocol;

/// <summary>The wire form of <see cref="Capabilities"/>: an array of names.</summary>
internal static class CapabilityNames
{
    private static ReadOnlySpan<byte> Ephemeral => "ephemeral"u8;

    public static Capabilities Read(scoped ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count > ProtocolLimits.CapabilitiesMax)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return Capabilities.None;
        }

        var found = Capabilities.None;
        for (int i = 0; i < count; i++)
        {
            if (reader.ReadString(ProtocolLimits.CapabilityNameBytesMax).SequenceEqual(Ephemeral))
            {
                found |= Capabilities.Ephemeral;
            }
        }

        return found;
    }

    public static void Write(ref MessagePackWriter writer, Capabilities capabilities)
    {
        bool ephemeral = (capabilities & Capabilities.Ephemeral) != 0;
        writer.WriteArrayHeader(ephemeral ? 1 : 0);
        if (ephemeral)
        {
            writer.WriteString(Ephemeral);
        }
    }
}
