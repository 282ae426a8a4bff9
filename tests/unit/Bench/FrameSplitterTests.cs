using RelayServer.Bench.Load.Publishing;
using RelayServer.Protocol;
using static RelayServer.UnitTests.Bench.DeliverFrames;

namespace RelayServer.UnitTests.Bench;

public sealed class FrameSplitterTests
{
    [Fact]
    public void Feed_CutAtEveryByte_HandsOutAllButDeliver()
    {
        byte[] error = new byte[FrameHeader.SizeBytes + 3];
        new FrameHeader(3, FrameType.Error, FrameFlags.None, 0).Write(error);
        byte[] stream = [.. Pong(), .. Batch(1, 0, 1), .. error, .. Pong()];
        for (int cut = 0; cut <= stream.Length; cut++)
        {
            List<(FrameType, int)> seen = [];
            var splitter = new FrameSplitter();
            void Take(in FrameHeader header, ReadOnlySpan<byte> body) => seen.Add((header.Type, body.Length));

            Assert.True(splitter.Feed(stream.AsSpan(0, cut), Take) && splitter.Feed(stream.AsSpan(cut), Take));

            Assert.Equal([(FrameType.Pong, 0), (FrameType.Error, 3), (FrameType.Pong, 0)], seen);
        }
    }

    [Fact]
    public void Feed_ReservedBytesSet_IsRefused()
    {
        byte[] noise = new byte[FrameHeader.SizeBytes];
        noise.AsSpan().Fill(1);

        Assert.False(new FrameSplitter().Feed(noise, (in FrameHeader _, ReadOnlySpan<byte> _) => { }));
    }
}
