using System.Net.Sockets;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

public sealed class SubscriptionTests : ScriptedClientTests
{
    [Fact]
    public async Task Read_Delivered_HasEverythingOfTheMessage()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 41, 41);
        await session.DeliverAsync("lobby", 42, "hé", "");
        await using IAsyncEnumerator<RelayEvent> reader = subscription.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        RelayMessage first = await NextMessageAsync(reader);
        Assert.Equal("lobby", first.Channel);
        Assert.Equal(new Position(0, 0, 1, 42), first.Position);
        Assert.Equal(("alice", "hé", MessageKind.Text, 7UL, 1UL), (first.From, first.Text, first.Kind, first.ProducerId, first.Number));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), first.At);
        Assert.False(first.IsOwn);
        Assert.False(first.IsEphemeral);
        RelayMessage second = await NextMessageAsync(reader);
        Assert.Equal((43UL, ""), (second.Position.Seq, second.Text));
        Assert.Equal(43UL, subscription.Position.Seq);
    }

    [Theory]
    [InlineData(JoinStart.Live)]
    [InlineData(JoinStart.LastMessages)]
    [InlineData(JoinStart.Resume)]
    public async Task JoinAsync_EachStart_AsksForIt(JoinStart start)
    {
        var position = new Position(0, 0, 1, 9);
        JoinFrom from = start switch
        {
            JoinStart.LastMessages => JoinFrom.Last(5),
            JoinStart.Resume => JoinFrom.After(position),
            _ => JoinFrom.Live,
        };
        ScriptedSession session = await ConnectAsync();
        Task<RelaySubscription> joining = Client.JoinAsync("lobby", from);
        ScriptedFrame join = await session.GrantJoinAsync(9, 20);
        Assert.Equal(
            ("lobby", start, start == JoinStart.LastMessages ? 5U : 0, start == JoinStart.Resume ? position : default),
            join.Join());
        RelaySubscription subscription = await joining.WaitAsync(ScriptedSession.Deadline);
        Assert.Equal((9UL, 20UL), (subscription.Position.Seq, subscription.TopAtJoin.Seq));
    }

    [Fact]
    [Trait("Must", "R-DELIVER-1")]
    public async Task Read_BatchesOverlap_DropsWhatItHas()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 2, 2);
        await session.DeliverAsync("lobby", 1, "1", "2", "3");
        await session.DeliverAsync("lobby", 1, "1", "2", "3");
        await session.DeliverAsync("lobby", 3, "3", "4");
        await session.DeliverAsync("lobby", 5, "5");
        Assert.Equal(["3", "4", "5"], await ReadTextsAsync(subscription, 3));
    }

    [Fact]
    [Trait("Must", "R-DELIVER-5")]
    public async Task Read_HoleWithoutNotice_ReconnectsAndResumes()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 0, 0);
        await session.DeliverAsync("lobby", 1, "1");
        await session.DeliverAsync("lobby", 3, "3");
        ScriptedSession second = await Edge.AcceptReadyAsync();
        Assert.Equal(("lobby", JoinStart.Resume, 0U, new Position(0, 0, 1, 1)), (await second.GrantJoinAsync(1, 3)).Join());
        await second.DeliverAsync("lobby", 2, "2", "3");
        Assert.Equal(["1", "2", "3"], await ReadTextsAsync(subscription, 3));
    }

    [Fact]
    [Trait("Must", "R-GAP-2")]
    public async Task Read_GapNotice_ComesInItsPlace()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.After(new Position(0, 0, 1, 5)), 20, 30);
        await session.GapAsync("lobby", 5, 20, GapReason.Trimmed);
        await session.DeliverAsync("lobby", 21, "21");
        await using IAsyncEnumerator<RelayEvent> reader = subscription.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());
        RelayGap gap = Assert.IsType<RelayGap>(reader.Current);
        Assert.Equal((5UL, 20UL, 15UL, GapReason.Trimmed), (gap.After.Seq, gap.Until.Seq, gap.MessageCount, gap.Reason));
        Assert.Equal("21", (await NextMessageAsync(reader)).Text);
    }

    [Fact]
    [Trait("Must", "R-GAP-2")]
    public async Task Read_HistoryDiverged_GoesOnFromTheNewHistory()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.After(new Position(0, 0, 1, 105)), 103, 104);
        await session.GapAsync("lobby", 105, 103, GapReason.HistoryDiverged);
        await session.DeliverAsync("lobby", 104, "new 104");
        await using IAsyncEnumerator<RelayEvent> reader = subscription.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());
        Assert.Null(Assert.IsType<RelayGap>(reader.Current).MessageCount);
        Assert.Equal("new 104", (await NextMessageAsync(reader)).Text);
    }

    [Fact]
    [Trait("Must", "R-RESUME-1")]
    [Trait("Must", "R-DELIVER-3")]
    public async Task Read_ResetInTheMiddleOfAFrame_ResumesEveryChannel()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync(JoinFrom.Beginning, 0, 0);
        Task<RelaySubscription> joining = Client.JoinAsync("other", JoinFrom.Last(3));
        await session.GrantJoinAsync(7, 7);
        RelaySubscription other = await joining.WaitAsync(ScriptedSession.Deadline);
        await session.DeliverAsync("lobby", 1, "1");
        await session.DeliverAsync("other", 8, "8");
        Assert.Equal(["1"], await ReadTextsAsync(lobby, 1));
        Assert.Equal(["8"], await ReadTextsAsync(other, 1));
        await session.SendRawAsync([0, 0, 1, 0, (byte)FrameType.Deliver]);
        session.Reset();

        ScriptedSession second = await Edge.AcceptReadyAsync();
        var joins = new[] { await second.GrantJoinAsync(), await second.GrantJoinAsync() }.Select(join => join.Join()).ToArray();
        Assert.Contains(("lobby", JoinStart.Resume, 0U, new Position(0, 0, 1, 1)), joins);
        Assert.Contains(("other", JoinStart.Resume, 0U, new Position(0, 0, 1, 8)), joins);
        await second.DeliverAsync("other", 9, "9");
        Assert.Equal(["9"], await ReadTextsAsync(other, 1));
    }

    [Fact]
    public async Task Read_FramesSplitAtEveryByte_AreWhole()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 0, 0);
        session.SplitsEveryByte = true;
        await session.DeliverAsync("lobby", 1, "one", "two");
        await session.DeliverAsync("lobby", 3, new string('x', 9000));
        Assert.Equal(["one", "two", new string('x', 9000)], await ReadTextsAsync(subscription, 3));
    }

    [Fact]
    public async Task Read_LargestFrames_AreWhole()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 0, 0);
        string large = new('x', ProtocolLimits.PayloadBytesMax);
        Task sending = Task.Run(async () =>
        {
            for (ulong seq = 1; seq <= 39; seq += 2)
            {
                await session.DeliverAsync("lobby", seq, large, $"{seq}");
            }
        });
        List<string> texts = await ReadTextsAsync(subscription, 40);
        await sending;
        Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => new[] { large, $"{(2 * i) + 1}" }), texts);
    }

    [Fact]
    [Trait("Must", "R-EPH-2")]
    public async Task Read_Ephemeral_IsMarkedAndMovesNothing()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 4, 4);
        await session.DeliverAsync("lobby", 0, "typing");
        await session.DeliverAsync("lobby", 5, "5");
        await using IAsyncEnumerator<RelayEvent> reader = subscription.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True((await NextMessageAsync(reader)).IsEphemeral);
        Assert.Equal(4UL, subscription.Position.Seq);
        Assert.Equal(5UL, (await NextMessageAsync(reader)).Position.Seq);
    }

    [Fact]
    public async Task Read_ReaderStalls_OtherChannelsAndAcksGoOnAndNothingIsLost()
    {
        RelayClientOptions options = Edge.ClientOptions with
        {
            ReceiveQueueBytesMax = 4096,
            ConsumerStallTimeout = TimeSpan.FromMilliseconds(20),
        };
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 0, 0, options);
        string text = new('x', 1000);
        for (ulong seq = 1; seq <= 10; seq++)
        {
            await session.DeliverAsync("lobby", seq, text);
        }

        // The reader of the lobby waits for an ack, which comes behind more than its queue holds.
        Task<Position> publish = Client.PublishAsync("lobby", "from inside the loop").AsTask();
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.AckAsync("lobby", sent.ProducerId, sent.Number);
        await publish.WaitAsync(ScriptedSession.Deadline);

        Task<List<string>> reading = ReadTextsAsync(lobby, 10);
        ScriptedFrame leave = await session.ExpectAsync(FrameType.Leave);
        await session.LeftAsync("lobby", leave.Header.Correlation);
        ScriptedFrame join = await session.GrantJoinAsync(0, 10);
        ulong have = join.Join().Position.Seq;
        Assert.InRange(have, 1UL, 9UL);
        for (ulong seq = have + 1; seq <= 10; seq++)
        {
            await session.DeliverAsync("lobby", seq, text);
        }

        Assert.Equal(10, (await reading).Count);
    }

    [Fact]
    public async Task Read_SlowReader_StopsTheSocketInsteadOfBuffering()
    {
        (RelaySubscription lobby, ScriptedSession session) = await JoinAsync(
            JoinFrom.Live, 0, 0, Edge.ClientOptions with { ReceiveQueueBytesMax = 4096, ConsumerStallTimeout = TimeSpan.FromMinutes(1) });
        const int count = 2000;
        string text = new('x', 20_000);
        var heldUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task sending = Task.Run(async () =>
        {
            for (ulong seq = 1; seq <= count; seq++)
            {
                if (!session.Socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite))
                {
                    heldUp.TrySetResult();
                }

                await session.DeliverAsync("lobby", seq, text);
            }
        });

        // 40 MB do not fit into socket buffers.
        Assert.Same(heldUp.Task, await Task.WhenAny(heldUp.Task, sending).WaitAsync(ScriptedSession.Deadline));
        Assert.Equal(count, (await ReadTextsAsync(lobby, count)).Count);
        await sending;
    }

    [Fact]
    [Trait("Must", "R-DELIVER-4")]
    public async Task Read_KindsOfALaterVersion_ArePassedOverAndCounted()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Last(5), 0, 5);
        await session.DeliverKindsAsync(
            "lobby", 1, (MessageKind.Text, "1"), ((MessageKind)2, "reaction"), (MessageKind.Data, "3"), ((MessageKind)255, "from the relay"));
        await session.DeliverKindsAsync("lobby", 5, ((MessageKind)16, "nothing but unknown"));
        await session.DeliverKindsAsync("lobby", 0, ((MessageKind)16, "an ephemeral one"));
        Assert.Equal(["1", "3"], await ReadTextsAsync(subscription, 2));
        await TakenInAsync(session);

        // What nobody is shown is part of the history, and of the position, all the same.
        Task<List<string>> next = ReadTextsAsync(subscription, 1);
        await subscription.HistoryRead.WaitAsync(ScriptedSession.Deadline);
        Assert.Equal(5UL, subscription.Position.Seq);
        session.Reset();
        ScriptedSession second = await Edge.AcceptReadyAsync();
        Assert.Equal(5UL, (await second.GrantJoinAsync(5, 5)).Join().Position.Seq);
        await second.DeliverAsync("lobby", 6, "6");
        Assert.Equal(["6"], await next);
    }

    [Fact]
    public async Task Read_ClientRefusedForGood_ThrowsAfterWhatItHas()
    {
        (RelaySubscription subscription, ScriptedSession session) = await JoinAsync(JoinFrom.Live, 0, 0);
        await session.DeliverAsync("lobby", 1, "1");
        await session.CloseAsync(ErrorCode.Forbidden, 0);
        Assert.Equal(["1"], await ReadTextsAsync(subscription, 1));
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => ReadTextsAsync(subscription, 1));
        Assert.Equal(ErrorCode.Forbidden, error.Code);
    }
}
