using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>DELIVER bodies and flushes for the tests.</summary>
internal static class TestBodies
{
    public static readonly LogKey Room = new("room", 0, 0);

    /// <summary>A body that ends at <paramref name="lastSeq"/>.</summary>
    public static byte[] Deliver(LogKey log, ulong epoch, ulong lastSeq, int messages = 1, int payloadBytes = 16)
    {
        byte[] payload = new byte[payloadBytes];
        Random.Shared.NextBytes(payload);
        byte[] encoded = new byte[messages * (payloadBytes + DeliverMessage.OverheadBytesMax + 8)];
        int encodedBytes = 0;
        for (int i = 0; i < messages; i++)
        {
            var message = new DeliverMessage
            {
                Kind = (MessageKind)1, From = "user"u8, ProducerId = 7, Number = lastSeq + (ulong)i, Payload = payload,
            };
            Assert.True(message.TryEncode(encoded.AsSpan(encodedBytes), out int written));
            encodedBytes += written;
        }

        var deliver = new DeliverBody
        {
            Channel = Encoding.UTF8.GetBytes(log.Channel),
            First = new Position(log.Generation, log.Partition, epoch, lastSeq - (ulong)messages + 1),
            AtMilliseconds = 1_700_000_000_000,
            Count = messages,
            EncodedMessages = encoded.AsSpan(0, encodedBytes),
        };
        byte[] body = new byte[encodedBytes + 256];
        Assert.True(deliver.TryEncode(body, out int bytes));
        return body[..bytes];
    }

    public static FabricAppend Append(LogKey log, ulong epoch, ulong lastSeq, int messages = 1, int payloadBytes = 16) =>
        new(log, epoch, lastSeq, Deliver(log, epoch, lastSeq, messages, payloadBytes), null);

    public static SlotOwner OwnerOf(LogKey log, string masterId, ulong epoch) =>
        new(Slot.Of(Encoding.UTF8.GetBytes(log.Channel)), masterId, epoch);

    public static FabricFlush Flush(string masterId, ulong epoch, params FabricAppend[] appends)
    {
        var flush = new FabricFlush();
        flush.Slots.AddRange(appends.Select(append => OwnerOf(append.Log, masterId, epoch)).Distinct());
        flush.Appends.AddRange(appends);
        return flush;
    }

    public static FabricFlush WithRelay(this FabricFlush flush, FabricAddress to, byte[] head, params int[] appends)
    {
        flush.Relays.Add(new(to, head, appends));
        return flush;
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A body as a relay carries it.</summary>
    public static byte[] Bin32(byte[] body) =>
        [0xc6, (byte)(body.Length >> 24), (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
}
