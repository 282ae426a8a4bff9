using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>Joining, leaving, publishing and delivery, as PROTOCOL.md says them, at a running relay.</summary>
public sealed class ChannelTests(EdgeFixture relay) : IClassFixture<EdgeFixture>
{
    private const ulong Producer = 0x8F3C21D0A4B5E697;
    private readonly string _room = $"room-{Guid.NewGuid():N}";

    [Fact]
    [Trait("Must", "R-JOIN-1")]
    [Trait("Must", "R-JOIN-3")]
    [Trait("Must", "R-FRAME-7")]
    public async Task Join_TwiceAtOnce_OneIsJoinedAndOneRefused()
    {
        await using WireClient client = await relay.SignInAsync();
        uint first = await client.SendJoinAsync(_room);
        uint second = await client.SendJoinAsync(_room);
        var answers = new List<(FrameType, uint)>();
        for (int i = 0; i < 2; i++)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            answers.Add((header.Type, header.Correlation));
            if (header.Type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                Assert.Equal(ErrorCode.AlreadyJoined, error.Code);
            }
        }

        Assert.Equal([(FrameType.Error, second), (FrameType.Joined, first)], answers.OrderBy(answer => answer.Item1));
    }

    [Fact]
    [Trait("Must", "R-JOIN-4")]
    public async Task Join_BeyondChannelsMax_IsRefused()
    {
        await using TestRelay small = await TestRelay.StartAsync(edge => edge.ChannelsPerSessionMax = 2);
        await using WireClient client = await WireClient.SignInAsync(small.A, "user:alice");
        await client.JoinAsync("a");
        await client.JoinAsync("b");
        uint correlation = await client.SendJoinAsync("c");
        Assert.Equal((ErrorCode.TooManyChannels, correlation), await client.ReceiveErrorAsync());
    }

    [Theory]
    [InlineData(JoinStart.Live, 0, 12, 12)]
    [InlineData(JoinStart.LastMessages, 0, 12, 12)]
    [InlineData(JoinStart.LastMessages, 5, 7, 12)]
    [InlineData(JoinStart.LastMessages, 1000, 0, 12)]
    [InlineData(JoinStart.Resume, 0, 0, 12)]
    [Trait("Must", "R-JOIN-2")]
    [Trait("Must", "R-JOIN-5")]
    [Trait("Must", "R-RESUME-2")]
    [Trait("Must", "R-DELIVER-2")]
    public async Task Join_EveryStart_GivesFromTopAndWhatLiesBetween(JoinStart start, uint lastMessages, ulong from, ulong top)
    {
        await using WireClient alice = await relay.SignInAsync();
        await alice.JoinAsync(_room);
        await PublishAsync(alice, 12);

        await using WireClient bob = await relay.SignInAsync();
        (Position joinedFrom, Position joinedTop) = await bob.JoinAsync(_room, start, lastMessages);
        Assert.Equal((from, top), (joinedFrom.Seq, joinedTop.Seq));
        await alice.SendPublishAsync(_room, Producer, 13, "live");
        List<(ulong Seq, string Text)> received = await bob.ReceiveMessagesAsync((int)(13 - from), from);
        Assert.Equal(Enumerable.Range((int)from + 1, 13 - (int)from).Select(seq => (ulong)seq), received.Select(message => message.Seq));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [Trait("Must", "R-RESUME-5")]
    public async Task Join_PositionOfAPartThatNeverWas_IsRefused(ulong generation, uint partition)
    {
        await using WireClient client = await relay.SignInAsync();
        uint correlation = await client.SendJoinAsync(_room, JoinStart.Resume, position: new Position(generation, partition, 1, 1));
        Assert.Equal((ErrorCode.BadPosition, correlation), await client.ReceiveErrorAsync());
    }

    [Fact]
    [Trait("Must", "R-LEAVE-1")]
    [Trait("Must", "R-LEAVE-2")]
    [Trait("Must", "R-DELIVER-6")]
    public async Task Leave_WhileOthersPublish_NothingFollowsLeft()
    {
        await using WireClient alice = await relay.SignInAsync();
        await using WireClient bob = await relay.SignInAsync();
        await alice.JoinAsync(_room);
        await bob.JoinAsync(_room);
        uint correlation = await bob.SendLeaveAsync(_room);
        (FrameHeader left, _) = await bob.ReceiveAsync(FrameType.Left);
        Assert.Equal(correlation, left.Correlation);

        await PublishAsync(alice, 5);
        await bob.SendAsync(FrameType.Ping, FrameFlags.None, 1, _ => 0);
        await bob.ReceiveAsync(FrameType.Pong);
        uint again = await bob.SendLeaveAsync(_room);
        Assert.Equal((ErrorCode.NotJoined, again), await bob.ReceiveErrorAsync());
    }

    [Fact]
    [Trait("Must", "R-PUB-9")]
    [Trait("Must", "R-PUB-12")]
    public async Task Publish_PayloadAboveTheLimit_IsRefusedWithItsNumber()
    {
        await using WireClient client = await relay.SignInAsync();
        await client.JoinAsync(_room);
        uint correlation = await client.SendPublishAsync(_room, Producer, 1, new string('x', ProtocolLimits.PayloadBytesMax + 1), FrameFlags.None);
        (FrameHeader header, byte[] body) = await client.ReceiveAsync(FrameType.Error);
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
        Assert.Equal((ErrorCode.PayloadTooLarge, correlation, 1UL), (error.Code, header.Correlation, error.Number));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(_room), error.Channel);

        await client.SendPublishAsync(_room, Producer, 2, new string('x', ProtocolLimits.PayloadBytesMax), FrameFlags.None);
        Assert.Equal(1UL, Assert.Single(await client.ReceiveMessagesAsync(1)).Seq);
    }

    [Fact]
    [Trait("Must", "R-PUB-11")]
    [Trait("Must", "R-ACK-1")]
    public async Task Publish_BeyondTheWindow_EachIsAckedOrRefusedOnce()
    {
        await using TestRelay narrow = await TestRelay.StartAsync(edge => edge.PublishWindowMessages = 2);
        await using WireClient client = await WireClient.SignInAsync(narrow.A, "user:alice");
        await client.JoinAsync(_room);
        byte[] burst = [.. Enumerable.Range(1, 50).SelectMany(number => PublishFrame((ulong)number))];
        await client.SendRawAsync(burst);

        var answered = new List<ulong>();
        int refused = 0;
        while (answered.Count < 50)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type == FrameType.PubAck)
            {
                answered.AddRange(NumbersOf(body));
            }
            else if (header.Type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                Assert.Equal(ErrorCode.PublishWindowExceeded, error.Code);
                answered.Add(error.Number!.Value);
                refused++;
            }
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(number => (ulong)number), answered.Order());
        Assert.InRange(refused, 1, 48);
    }

    [Fact]
    [Trait("Must", "R-PUB-13")]
    [Trait("Must", "R-ACK-2")]
    public async Task Publish_InOneBurst_EntersTheLogInItsOrderBeforeTheAck()
    {
        await using WireClient client = await relay.SignInAsync();
        await client.JoinAsync(_room);
        byte[] burst = [.. Enumerable.Range(1, 200).SelectMany(number => PublishFrame((ulong)number))];
        await client.SendRawAsync(burst);
        var seqs = new Dictionary<ulong, ulong>();
        while (seqs.Count < 200)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type == FrameType.PubAck)
            {
                Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(body, out PubAckBody acks));
                foreach ((ulong number, ulong seq) in acks)
                {
                    seqs.Add(number, seq);
                }
            }
        }

        Assert.All(seqs, pair => Assert.Equal(pair.Key, pair.Value));

        // Acked is logged: another member reads all of it now.
        await using WireClient late = await relay.SignInAsync();
        (_, Position top) = await late.JoinAsync(_room, JoinStart.Resume, position: Position.Start);
        Assert.Equal(200UL, top.Seq);
        Assert.Equal(200, (await late.ReceiveMessagesAsync(200)).Count);
    }

    [Fact]
    [Trait("Must", "R-ACK-3")]
    public async Task Publish_TheSameNumberAgain_SameAckAndOneDelivery()
    {
        await using WireClient client = await relay.SignInAsync();
        await client.JoinAsync(_room);
        await client.SendRawAsync((byte[])[.. PublishFrame(7), .. PublishFrame(7), .. PublishFrame(8)]);
        var acks = new List<(ulong, ulong)>();
        ulong delivered = 0;
        while (acks.Count < 3 || delivered < 2)
        {
            (FrameHeader header, byte[] body) = await client.ReceiveAsync();
            if (header.Type == FrameType.PubAck)
            {
                Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(body, out PubAckBody ack));
                foreach ((ulong, ulong) pair in ack)
                {
                    acks.Add(pair);
                }
            }
            else
            {
                Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
                foreach (DeliverMessage message in deliver)
                {
                    Assert.Equal(6 + ++delivered, message.Number);
                }
            }
        }

        Assert.Equal([(7UL, 1UL), (7UL, 1UL), (8UL, 2UL)], acks.Order());
        Assert.Equal(2UL, delivered);
    }

    [Fact]
    [Trait("Must", "R-EPH-1")]
    [Trait("Must", "R-EPH-3")]
    [Trait("Must", "R-CAP-3")]
    [Trait("Must", "R-PUB-10")]
    public async Task Publish_Ephemeral_ReachesOnlyWhoCanAndIsNotLogged()
    {
        await using WireClient sender = await relay.SignInAsync();
        await using WireClient able = await relay.SignInAsync();
        await using WireClient unable = await WireClient.SignInAsync(relay.Endpoint, "user:bob", Capabilities.None);
        await sender.JoinAsync(_room);
        await able.JoinAsync(_room);
        await unable.JoinAsync(_room);

        await sender.SendPublishAsync(_room, Producer, 1, "typing", FrameFlags.Ephemeral);
        (FrameHeader header, byte[] body) = await able.ReceiveAsync(FrameType.Deliver);
        Assert.Equal(FrameFlags.Ephemeral, header.Flags);
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
        Assert.Equal(0UL, deliver.First.Seq);

        // What comes next for the other is the logged message, at the first place of the log.
        await sender.SendPublishAsync(_room, Producer, 2, "hello", FrameFlags.None);
        Assert.Equal((1UL, "hello"), Assert.Single(await unable.ReceiveMessagesAsync(1)));

        uint correlation = await unable.SendPublishAsync(_room, Producer, 3, "typing", FrameFlags.Ephemeral);
        Assert.Equal((ErrorCode.BadFlags, correlation), await unable.ReceiveErrorAsync());
    }

    private static List<ulong> NumbersOf(byte[] pubAck)
    {
        Assert.Equal(DecodeStatus.Ok, PubAckBody.TryDecode(pubAck, out PubAckBody acks));
        var numbers = new List<ulong>();
        foreach ((ulong number, _) in acks)
        {
            numbers.Add(number);
        }

        return numbers;
    }

    private byte[] PublishFrame(ulong number)
    {
        var frame = new byte[512];
        new PublishBody
        {
            Channel = System.Text.Encoding.UTF8.GetBytes(_room),
            ProducerId = Producer,
            Number = number,
            Payload = "line"u8,
        }.TryEncode(frame.AsSpan(FrameHeader.SizeBytes), out int bytes);
        new FrameHeader((uint)bytes, FrameType.Publish, FrameFlags.AckWanted, 0).Write(frame);
        return frame[..(FrameHeader.SizeBytes + bytes)];
    }

    private async Task PublishAsync(WireClient client, int count)
    {
        for (int number = 1; number <= count; number++)
        {
            await client.SendPublishAsync(_room, Producer, (ulong)number, $"line {number}", FrameFlags.None);
        }

        await client.ReceiveMessagesAsync(count);
    }
}
