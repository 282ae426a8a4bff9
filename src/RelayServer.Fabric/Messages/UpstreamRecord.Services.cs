using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <content>The records of services: their instances, commands for them, and what came of those.</content>
public ref partial struct UpstreamRecord
{
    private int ReadForService(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message, int fields)
    {
        Session = reader.ReadUInt64();
        Correlation = reader.ReadUInt32();
        if (Kind == UpstreamKind.Command)
        {
            UserId = reader.ReadString(ProtocolLimits.UserIdBytesMax);
            Role = (byte)reader.ReadUInt64(byte.MaxValue);
            Body = ReadRaw(ref reader, message);
            IsLine = reader.ReadUInt64(1) == 1;
            return ReadAddress(ref reader, fields, CommandAddressFieldCount);
        }

        Service = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        if (reader.IsNil)
        {
            reader.ReadNil();
        }
        else
        {
            Body = ReadRaw(ref reader, message);
        }

        return RegisterFieldCount;
    }

    private readonly void WriteService(ref MessagePackWriter writer)
    {
        if (Service.IsEmpty)
        {
            return;
        }

        if (ClientAddress is null)
        {
            writer.WriteNil();
        }

        writer.WriteString(Service);
    }

    private readonly void WriteForService(ref MessagePackWriter writer)
    {
        WriteHead(ref writer, Kind != UpstreamKind.Command ? RegisterFieldCount : ClientAddress is null ? CommandFieldCount : CommandAddressFieldCount);
        writer.WriteUInt64(Session);
        writer.WriteUInt64(Correlation);
        if (Kind == UpstreamKind.Command)
        {
            writer.WriteString(UserId);
            writer.WriteUInt64(Role);
            writer.WriteRaw(Body);
            writer.WriteUInt64(IsLine ? 1UL : 0UL);
            WriteAddress(ref writer);
            return;
        }

        writer.WriteString(Service);
        if (Body.IsEmpty)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteRaw(Body);
        }
    }
}
