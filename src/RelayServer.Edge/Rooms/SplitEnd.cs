using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Finds the message that ends a generation's log: alone in its batch, and the last that there ever is.</summary>
internal static class SplitEnd
{
    private const int KindFieldCount = 1;

    /// <summary>Cheap: false for almost every batch.</summary>
    public static bool MayBe(in DeliverBody body)
    {
        if (body.Count != 1)
        {
            return false;
        }

        var reader = new MessagePackReader(body.EncodedMessages);
        reader.ReadTupleHeader(KindFieldCount);
        return reader.ReadUInt64(byte.MaxValue) == (ulong)MessageKind.Split && reader.Status == DecodeStatus.Ok;
    }

    /// <summary>The notice of a batch for which <see cref="MayBe"/>; null when it does not end this generation but begins it.</summary>
    public static SplitNotice? Find(in DeliverBody body)
    {
        foreach (DeliverMessage message in body)
        {
            return SplitNotice.Decode(message.Payload) is { } notice && notice.To.Generation > body.First.Generation ? notice : null;
        }

        return null;
    }
}
