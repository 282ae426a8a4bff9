using System.Numerics;

namespace RelayServer.Protocol;

/// <summary>The wire form of <see cref="Capabilities"/>: an array of names.</summary>
internal static class CapabilityNames
{
    private static ReadOnlySpan<byte> Ephemeral => "ephemeral"u8;

    private static ReadOnlySpan<byte> Rooms => "rooms"u8;

    private static ReadOnlySpan<byte> Services => "services"u8;

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
            found |= Of(reader.ReadString(ProtocolLimits.CapabilityNameBytesMax));
        }

        return found;
    }

    public static void Write(ref MessagePackWriter writer, Capabilities capabilities)
    {
        Capabilities known = capabilities & (Capabilities.Ephemeral | Capabilities.Rooms | Capabilities.Services);
        writer.WriteArrayHeader(BitOperations.PopCount((uint)known));
        if ((known & Capabilities.Ephemeral) != 0)
        {
            writer.WriteString(Ephemeral);
        }

        if ((known & Capabilities.Rooms) != 0)
        {
            writer.WriteString(Rooms);
        }

        if ((known & Capabilities.Services) != 0)
        {
            writer.WriteString(Services);
        }
    }

    private static Capabilities Of(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(Ephemeral) ? Capabilities.Ephemeral
        : name.SequenceEqual(Rooms) ? Capabilities.Rooms
        : name.SequenceEqual(Services) ? Capabilities.Services
        : Capabilities.None;
}
