using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Client;

/// <summary>The numbers of the publishes that a ledger hands to its connection.</summary>
internal static class SentNumbers
{
    /// <summary>Of what it has to send now.</summary>
    public static List<ulong> Of(PublishLedger ledger)
    {
        byte[] room = new byte[64 * 1024];
        int bytes = ledger.Fill(room, out _);
        return In(room.AsSpan(0, bytes));
    }

    /// <summary>Of frames that it has written.</summary>
    public static List<ulong> In(ReadOnlySpan<byte> frames)
    {
        var numbers = new List<ulong>();
        for (int offset = 0; offset < frames.Length;)
        {
            Assert.True(FrameHeader.TryRead(frames[offset..], out FrameHeader header));
            offset += FrameHeader.SizeBytes;
            Assert.Equal(DecodeStatus.Ok, PublishBody.TryDecode(frames.Slice(offset, (int)header.BodyBytes), out PublishBody body));
            numbers.Add(body.Number);
            offset += (int)header.BodyBytes;
        }

        return numbers;
    }
}
