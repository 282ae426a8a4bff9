using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Positions in logs, and the seqs that a batch gives.</summary>
public sealed class PositionTests
{
    [Fact]
    public void Start_Always_IsBeforeTheFirstMessage() => Assert.Equal(new Position(0, 0, 0, 0), Position.Start);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1043, 3, 1045)]
    [InlineData(0, 3, 0)]
    [InlineData(7, 0, 7)]
    public void Last_OfABatch_IsTheSeqOfItsLastMessage(ulong firstSeq, int count, ulong lastSeq)
    {
        var body = new DeliverBody { First = new Position(2, 1, 9, firstSeq), Count = count };
        Assert.Equal(new Position(2, 1, 9, lastSeq), body.Last);
    }

    [Theory]
    [InlineData(1043)]
    [InlineData(0)]
    [Trait("Must", "R-EPH-1")]
    public void Enumerator_OfABatch_NumbersMessagesFromTheFirstUnlessEphemeral(ulong firstSeq)
    {
        var encoded = new byte[256];
        var message = new DeliverMessage { From = "alice"u8, Payload = "hello"u8 };
        Assert.True(message.TryEncode(encoded, out int messageBytes));
        encoded.AsSpan(0, messageBytes).CopyTo(encoded.AsSpan(messageBytes));
        var body = new DeliverBody
        {
            First = new Position(0, 0, 3, firstSeq),
            Count = 2,
            EncodedMessages = encoded.AsSpan(0, 2 * messageBytes),
        };

        var seqs = new List<ulong>();
        foreach (DeliverMessage one in body)
        {
            seqs.Add(one.Seq);
        }

        Assert.Equal(firstSeq == 0 ? [0UL, 0UL] : [firstSeq, firstSeq + 1], seqs);
    }

    [Fact]
    public void TryDecodeEnvelope_BatchOfAMaster_GivesItsPlaceWithoutTheMessages()
    {
        byte[] body = Support.VectorFile.Frames["deliver-batch"].Body.ToArray();
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecodeEnvelope(body, out DeliverBody batch));
        Assert.Equal("room.1"u8, batch.Channel);
        Assert.Equal(new Position(0, 0, 3, 1043), batch.First);
        Assert.Equal(new Position(0, 0, 3, 1045), batch.Last);
        Assert.Equal(3, batch.Count);
    }
}
