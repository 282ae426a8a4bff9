using System.Buffers.Binary;

namespace RelayServer.Fabric;

/// <summary>Puts a relay together: the head, then each named body as a MessagePack bin 32.</summary>
internal static class RelayMessage
{
    private const byte Bin32 = 0xc6;
    private const int Bin32HeadBytes = 5;

    public static byte[] Assemble(FabricRelay relay, List<FabricAppend> appends)
    {
        int bytes = relay.Head.Length;
        for (int i = 0; i < relay.Appends.Count; i++)
        {
            bytes += Bin32HeadBytes + appends[relay.Appends[i]].Body.Length;
        }

        byte[] message = GC.AllocateUninitializedArray<byte>(bytes);
        Span<byte> rest = message;
        relay.Head.Span.CopyTo(rest);
        rest = rest[relay.Head.Length..];
        for (int i = 0; i < relay.Appends.Count; i++)
        {
            ReadOnlySpan<byte> body = appends[relay.Appends[i]].Body.Span;
            rest[0] = Bin32;
            BinaryPrimitives.WriteUInt32BigEndian(rest[1..], (uint)body.Length);
            body.CopyTo(rest[Bin32HeadBytes..]);
            rest = rest[(Bin32HeadBytes + body.Length)..];
        }

        return message;
    }
}
