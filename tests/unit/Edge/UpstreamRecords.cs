using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>What an edge has sent to its master, record by record, in short.</summary>
internal static class UpstreamRecords
{
    public static List<string> Of(IEnumerable<byte[]> messages)
    {
        var told = new List<string>();
        foreach (byte[] message in messages)
        {
            var reader = new MessagePackReader(message);
            UpstreamHeader.Read(ref reader);
            while (reader.RemainingBytes > 0)
            {
                UpstreamRecord record = UpstreamRecord.Read(ref reader, message);
                Assert.Equal(DecodeStatus.Ok, reader.Status);
                told.Add(Tell(record));
            }
        }

        return told;
    }

    private static string Tell(in UpstreamRecord record)
    {
        var text = new StringBuilder(record.Kind.ToString());
        switch (record.Kind)
        {
            case UpstreamKind.Presence:
                text.Append($" {record.Generation} [");
                foreach (MemberCount count in record.Counts)
                {
                    text.Append($" {count.Value}");
                }

                text.Append(" ]").Append(record.HasNames ? "" : " nobody named");
                foreach (MemberName name in record.Names)
                {
                    text.Append($" {Encoding.UTF8.GetString(name.Value)}");
                }

                break;
            case UpstreamKind.Reactions:
                foreach ((byte reaction, uint count) in record.Reactions)
                {
                    text.Append($" {reaction}:{count}");
                }

                break;
            case UpstreamKind.Census:
                text.Append($" {record.Ticket}");
                for (int bucket = 0; bucket < UpstreamRecord.CensusBuckets; bucket++)
                {
                    int members = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(record.Buckets[(bucket * 2)..]);
                    text.Append(members > 0 ? $" {bucket}:{members}" : "");
                }

                break;
            case UpstreamKind.Publish or UpstreamKind.Query:
                text.Append($" {Encoding.UTF8.GetString(record.UserId)} role {record.Role}").Append(record.ClientAddress is { } address ? $" from {address}" : "");
                break;
        }

        return text.ToString();
    }
}
