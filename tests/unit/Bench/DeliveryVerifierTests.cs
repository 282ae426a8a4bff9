using RelayServer.Bench.Load.Publishing;
using RelayServer.Bench.Load.Receiving;
using RelayServer.Protocol;
using static RelayServer.UnitTests.Bench.DeliverFrames;

namespace RelayServer.UnitTests.Bench;

/// <summary>The checker is checked: good streams pass whatever their cut, and each kind of fault is counted.</summary>
public sealed class DeliveryVerifierTests : IFrameSink
{
    private readonly MessageLedger _ledger = new(1);
    private readonly DeliveryVerifier _verifier;
    private readonly MemberCursor _first = new(0);
    private readonly MemberCursor _second = new(1);
    private int _otherFrames;

    public DeliveryVerifierTests()
    {
        _verifier = new DeliveryVerifier(System.Text.Encoding.ASCII.GetBytes(Channel), _ledger, this);
        _verifier.Start(_first, fromSeq: 0);
        _verifier.Start(_second, fromSeq: 0);
    }

    void IFrameSink.Handle(MemberCursor member, in FrameHeader header, ReadOnlySpan<byte> body) => _otherFrames++;

    [Fact]
    public void Feed_CutAtEveryByte_CountsAll()
    {
        byte[] stream = [.. Batch(1, 0, 1), .. Pong(), .. Batch(3, 2, 3, 4), .. Pong()];
        for (int cut = 1; cut < stream.Length; cut++)
        {
            var test = new DeliveryVerifierTests();
            foreach (MemberCursor member in (MemberCursor[])[test._first, test._second])
            {
                test._verifier.Feed(member, stream.AsSpan(0, cut), 100);
                test._verifier.Feed(member, stream.AsSpan(cut), 100);
            }

            Assert.Equal(10, test._verifier.Received);
            Assert.Equal(10, test._verifier.Latency.Count);
            Assert.Equal(4, test._otherFrames);
            AssertClean(test.Audit(5), expected: 10);
        }
    }

    [Fact]
    public void Feed_RandomCutsOfManyMembers_CountsAll()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        List<byte[]> frames = [];
        ulong seq = 1;
        for (int i = 0; i < 50; i++)
        {
            long[] numbers = [.. Enumerable.Range((int)seq - 1, random.Next(1, 20)).Select(number => (long)number)];
            frames.Add(Batch(seq, numbers));
            seq += (ulong)numbers.Length;
        }

        MemberCursor[] members = [.. Enumerable.Range(0, 20).Select(index => new MemberCursor(index))];
        byte[][] streams = [.. members.Select(_ => frames.SelectMany(frame => random.Next(10) == 0 ? [.. Pong(), .. frame] : frame).ToArray())];
        int[] offsets = new int[members.Length];
        foreach (MemberCursor member in members)
        {
            _verifier.Start(member, 0);
        }

        while (Array.FindIndex(offsets, offset => offset >= 0) >= 0)
        {
            int i = random.Next(members.Length);
            if (offsets[i] >= 0)
            {
                int length = Math.Min(random.Next(1, 2000), streams[i].Length - offsets[i]);
                _verifier.Feed(members[i], streams[i].AsSpan(offsets[i], length), 100);
                offsets[i] = offsets[i] + length == streams[i].Length ? -1 : offsets[i] + length;
            }
        }

        DeliveryAudit audit = DeliveryAudit.Of(Acks((int)seq - 1), _ledger, members);
        Assert.True(audit.IsClean && audit.Received == audit.Expected && _verifier.Malformed == 0, $"seed {seed}: {audit}");
    }

    [Fact]
    public void Feed_SameBytesForSecondMember_AreComparedNotDecoded()
    {
        byte[] frame = Batch(1, 0, 1, 2);

        _verifier.Feed(_first, frame, 100);
        _verifier.Feed(_second, frame, 100);

        Assert.Equal(2 * frame.Length, _verifier.ReceivedBytes);
        Assert.Equal(frame.Length, _verifier.DecodedBytes);
        Assert.Equal(6, _verifier.Received);
    }

    [Fact]
    public void Feed_MissingBatch_IsLost()
    {
        FeedBoth(Batch(1, 0));
        _verifier.Feed(_first, Batch(2, 1, 2), 100);
        FeedBoth(Batch(4, 3));

        DeliveryAudit audit = Audit(4);
        Assert.Equal(8, audit.Expected);
        Assert.Equal(6, audit.Received);
        Assert.Equal(2, audit.Lost);
    }

    [Fact]
    public void Feed_MissingTail_IsLost()
    {
        FeedBoth(Batch(1, 0));
        _verifier.Feed(_second, Batch(2, 1, 2), 100);

        Assert.Equal(2, Audit(3).Lost);
    }

    [Fact]
    public void Feed_NobodyReceives_IsLost()
    {
        FeedBoth(Batch(1, 0));

        Assert.Equal(2, Audit(2).Lost);
    }

    [Fact]
    public void Feed_BatchTwice_IsDoubled()
    {
        FeedBoth(Batch(1, 0, 1));
        _verifier.Feed(_second, Batch(1, 0, 1), 100);
        FeedBoth(Batch(3, 2));

        DeliveryAudit audit = Audit(3);
        Assert.Equal(2, audit.Duplicated);
        Assert.Equal(0, audit.Lost);
        Assert.Equal(0, audit.OutOfOrder);
    }

    [Fact]
    public void Feed_SwappedBatches_AreOutOfOrder()
    {
        FeedBoth(Batch(1, 0));
        _verifier.Feed(_first, Batch(2, 1), 100);
        _verifier.Feed(_first, Batch(3, 2), 100);
        _verifier.Feed(_second, Batch(3, 2), 100);
        _verifier.Feed(_second, Batch(2, 1), 100);

        DeliveryAudit audit = Audit(3);
        Assert.Equal(1, audit.OutOfOrder);
        Assert.Equal(0, audit.Lost);
        Assert.Equal(0, audit.Duplicated);
    }

    [Fact]
    public void Feed_LogHasMessageTwice_IsDoubledForEveryMember()
    {
        FeedBoth(Batch(1, 0, 1, 1));

        Assert.Equal(2, Audit(2).Duplicated);
    }

    [Fact]
    public void Feed_LogHasPublishersMessagesSwapped_IsOutOfOrderForEveryMember()
    {
        FeedBoth(Batch(1, 0, 2, 1));

        // The acks say that number 1 is at 2 and number 2 at 3, as a relay that keeps order would.
        DeliveryAudit audit = Audit(3);
        Assert.Equal(2, audit.OutOfOrder);
        Assert.Equal(2, audit.Misplaced);
    }

    [Fact]
    public void Skip_AnnouncedGap_IsLost()
    {
        FeedBoth(Batch(1, 0));
        _verifier.Feed(_first, Batch(2, 1, 2), 100);
        DeliveryVerifier.Skip(_second, untilSeq: 3);
        FeedBoth(Batch(4, 3));

        Assert.Equal(2, Audit(4).Lost);
    }

    [Fact]
    public void Feed_NoFrame_IsMalformed()
    {
        byte[] noise = new byte[100];
        noise.AsSpan().Fill(0xEE);

        _verifier.Feed(_first, noise, 100);

        Assert.Equal(1, _verifier.Malformed);
    }

    private static void AssertClean(DeliveryAudit audit, long expected)
    {
        Assert.True(audit.IsClean, audit.ToString());
        Assert.Equal(expected, audit.Expected);
        Assert.Equal(expected, audit.Received);
    }

    private static List<Ack> Acks(int count) => [.. Enumerable.Range(0, count).Select(number => new Ack(0, number, (ulong)number + 1))];

    private DeliveryAudit Audit(int acked) => DeliveryAudit.Of(Acks(acked), _ledger, [_first, _second]);

    private void FeedBoth(byte[] frame)
    {
        _verifier.Feed(_first, frame, 100);
        _verifier.Feed(_second, frame, 100);
    }
}
