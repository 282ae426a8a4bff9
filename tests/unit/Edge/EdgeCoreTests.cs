using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>The edge's decisions about members, batches and publishes, step by step.</summary>
public sealed class EdgeCoreTests : IDisposable
{
    private readonly EdgeBench _bench = new(options =>
    {
        options.PublishHoldMilliseconds = 3000;
        options.PublishWindowMessages = 3;
        options.UpstreamBytesMax = 64 * 1024;
    });

    private RecordingEffects Effects => _bench.Effects;

    [Fact]
    public void Join_BeforeTheTopIsKnown_JoinedWhenItIsAndLive()
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn();
        uint correlation = _bench.Join(session, "room");
        Assert.Empty(Effects.Sent);
        _bench.Opened("room", 1, 5);
        Assert.Equal((FrameType.Joined, correlation), Effects.Sent.Select(sent => (sent.Type, sent.Correlation)).Single());
        Assert.Contains(("room", session.Id), Effects.Members);
    }

    [Fact]
    public void Leave_WhileJoining_RefusesTheJoinAndAnswersTheLeave()
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn();
        uint join = _bench.Join(session, "room");
        uint leave = _bench.Leave(session, "room");
        Assert.Equal([(FrameType.Error, join), (FrameType.Left, leave)], Effects.Sent.Select(sent => (sent.Type, sent.Correlation)));
        _bench.Opened("room", 1, 5);
        Assert.Equal(2, Effects.Sent.Count);
        Assert.Empty(Effects.Members);
        Assert.Equal(0, _bench.Core.ChannelCount);
    }

    [Fact]
    public void Join_ResumeFromTheLog_GoesInStepsAndLiveOnlyWithEverything()
    {
        EdgeSession session = Member("room", 1, 30, JoinStart.Resume, new Position(0, 0, 1, 10));
        LogRead verify = Assert.Single(Effects.Reads);
        Assert.Equal((LogReadKind.Verify, 10UL), (verify.Kind, verify.Seq));
        _bench.Core.LogRead(verify, new LogPage([EdgeBench.Entry("room", 1, 1, 10), EdgeBench.Entry("room", 1, 11, 20)], true));
        Assert.Equal([FrameType.Joined, FrameType.Deliver], Effects.Sent.Select(sent => sent.Type));
        Assert.Empty(Effects.Members);
        _bench.Core.Drained(Assert.Single(Effects.Draining));
        Assert.Equal((LogReadKind.Advance, 21UL), (Effects.Reads[1].Kind, Effects.Reads[1].Seq));
        _bench.Core.LogRead(Effects.Reads[1], new LogPage([EdgeBench.Entry("room", 1, 21, 30)], false));
        _bench.Core.Drained(Effects.Draining[1]);
        Assert.Contains(("room", session.Id), Effects.Members);
        Assert.Equal(3, Effects.Sent.Count);
    }

    [Fact]
    public void Join_ReadsBeyondTheCursor_LiveWhenTheChannelIsThere()
    {
        EdgeSession session = Member("room", 1, 30, JoinStart.Resume, new Position(0, 0, 1, 30 - 1));
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 1, 20, 30), EdgeBench.Entry("room", 1, 31, 32)], false));
        _bench.Core.Drained(Effects.Draining[0]);
        Assert.Empty(Effects.Members);
        _bench.Deliver("room", 1, 31, 32);
        Assert.Contains(("room", session.Id), Effects.Members);
    }

    [Fact]
    public void Join_ResumeFromTrimmedOrLostHistory_GapBeforeTheFirstDeliver()
    {
        Member("trimmed", 1, 30, JoinStart.Resume, new Position(0, 0, 1, 10));
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("trimmed", 1, 21, 30)], false));
        Assert.Equal([GapReason.Trimmed], Gaps(Effects.Sent.Select(sent => (sent.Type, sent.Body))));
        Effects.Sent.Clear();
        Member("lost", 2, 30, JoinStart.Resume, new Position(0, 0, 1, 25));
        _bench.Core.LogRead(Effects.Reads[1], new LogPage([EdgeBench.Entry("lost", 2, 21, 30)], false));
        Assert.Equal([GapReason.HistoryDiverged], Gaps(Effects.Sent.Select(sent => (sent.Type, sent.Body))));
        Assert.Equal([FrameType.Joined, FrameType.Gap, FrameType.Deliver], Effects.Sent.Select(sent => sent.Type));
    }

    [Fact]
    public void Join_LastMessagesWhenTheStoreHasLostMore_JoinsAtWhatIsThere()
    {
        Member("room", 1, 50, JoinStart.LastMessages, last: 5);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 1, 31, 40)], false));
        Assert.Equal([FrameType.Joined, FrameType.Deliver], Effects.Sent.Select(sent => sent.Type));
    }

    [Fact]
    public void Relay_HoleBeforeABatch_OneReadAndEverythingInOrder()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 1, 13, 13);
        _bench.Deliver("room", 1, 14, 14);
        LogRead repair = Assert.Single(Effects.Reads);
        _bench.Core.LogRead(repair, new LogPage([EdgeBench.Entry("room", 1, 9, 10), EdgeBench.Entry("room", 1, 11, 12), EdgeBench.Entry("room", 1, 13, 13)], false));
        Assert.Equal([11UL, 13UL, 14UL], Firsts());
        Assert.Single(Effects.Reads);
    }

    [Fact]
    public void Relay_HoleThatThePageOfTheCursorFills_IsReadOnFromBehindIt()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 1, 13, 13);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 1, 9, 10)], HasMore: true));
        _bench.Core.HandedOut(Assert.Single(Effects.HandingOut));
        Assert.Equal(11UL, Effects.Reads[1].Seq);
    }

    [Fact]
    public void Relay_MuchCameDuringARepair_IsHandedOutStepByStepInOrder()
    {
        const int BatchMessages = 5000;
        Member("room", 1, 10);
        ulong last = 11;
        for (int batch = 0; batch < 8; batch++)
        {
            _bench.Deliver("room", 1, last + 1, last + BatchMessages);
            last += BatchMessages;
        }

        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 1, 9, 10), EdgeBench.Entry("room", 1, 11, 11)], false));
        _bench.Deliver("room", 1, last + 1, last + 1);
        for (int step = 0; step < Effects.HandingOut.Count; step++)
        {
            Assert.InRange(Firsts().Count, 1 + step, 1 + (2 * (1 + step)));
            _bench.Core.HandedOut(Effects.HandingOut[step]);
        }

        Assert.Equal([11UL, .. Enumerable.Range(0, 9).Select(batch => 12UL + ((ulong)batch * BatchMessages))], Firsts());
        Assert.Single(Effects.Reads);
        _bench.Deliver("room", 1, last + 2, last + 2);
        Assert.Equal(last + 2, Firsts()[^1]);
    }

    [Fact]
    public void Relay_HoleOfManyPages_TheNextIsReadWhenTheMembersHaveTheOneBefore()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 1, 15, 15);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 1, 9, 10), EdgeBench.Entry("room", 1, 11, 12)], HasMore: true));
        Assert.Equal([11UL], Firsts());
        Assert.Single(Effects.Reads);
        _bench.Core.HandedOut(Assert.Single(Effects.HandingOut));
        _bench.Core.LogRead(Effects.Reads[1], new LogPage([EdgeBench.Entry("room", 1, 13, 14)], HasMore: false));
        Assert.Equal([11UL, 13UL, 15UL], Firsts());
    }

    [Fact]
    public void Relay_SameBatchTwice_IsFannedOutOnce()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 1, 11, 12);
        _bench.Deliver("room", 1, 11, 12);
        Assert.Equal([11UL], Firsts());
    }

    [Fact]
    public void Relay_NewEpochThatGoesOn_IsCheckedAgainstTheLog()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 2, 11, 11);
        Assert.Empty(Effects.FannedOut);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 1, 9, 10), EdgeBench.Entry("room", 2, 11, 11)], false));
        Assert.Equal([11UL], Firsts());
        Assert.Empty(Gaps(Effects.FannedOut.Select(frame => (frame.Type, frame.Body))));
    }

    [Fact]
    public void Relay_NewEpochThatReplacedTheLast_MembersAreToldFirst()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 2, 11, 11);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 2, 10, 10), EdgeBench.Entry("room", 2, 11, 11)], false));
        Assert.Equal([FrameType.Gap, FrameType.Deliver, FrameType.Deliver], Effects.FannedOut.Select(frame => frame.Type));
        Assert.Equal([GapReason.HistoryDiverged], Gaps(Effects.FannedOut.Select(frame => (frame.Type, frame.Body))));
    }

    [Fact]
    public void Relay_HoleWithAnEntryThatCannotBeRead_GapOverItAndTheRest()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 1, 14, 14);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage(
            [EdgeBench.Entry("room", 1, 9, 10), new LogEntry(1, 12, new byte[] { 0xc1 }), EdgeBench.Entry("room", 1, 13, 13)], false));
        Assert.Equal([FrameType.Gap, FrameType.Deliver, FrameType.Deliver], Effects.FannedOut.Select(frame => frame.Type));
        Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(Effects.FannedOut[0].Body, out GapBody gap));
        Assert.Equal((10UL, 12UL, GapReason.Skipped), (gap.After.Seq, gap.Until.Seq, gap.Reason));
        Assert.Equal([13UL, 14UL], Firsts());
        Assert.Equal([("room", new Position(0, 0, 1, 12))], Effects.Unreadable);
    }

    [Fact]
    public void Relay_BatchThatTheLogDoesNotLeadTo_IsLetGoInsteadOfReadForEver()
    {
        Member("room", 1, 10);
        _bench.Deliver("room", 1, 20, 20);
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("room", 1, 9, 10)], false));
        Assert.Single(Effects.Reads);
        Assert.Empty(Effects.FannedOut);
    }

    [Fact]
    public void Top_BeyondTheCursor_IsRepaired()
    {
        Member("room", 1, 10);
        _bench.Top("room", 1, 10);
        Assert.Empty(Effects.Reads);
        _bench.Top("room", 1, 11);
        Assert.Equal(LogReadKind.Repair, Assert.Single(Effects.Reads).Kind);
    }

    [Fact]
    public void Publish_NobodyOwnsTheSlot_HeldThenRefusedHoweverOftenTheTableIsRead()
    {
        EdgeSession session = Member("room", 1, 10);
        _bench.Core.SlotsChanged([], _bench.Now);
        Effects.Sent.Clear();
        uint correlation = _bench.Publish(session, "room", 1);
        for (int second = 0; second < 3; second++)
        {
            Assert.Empty(Effects.Sent);
            _bench.Now += 1000;
            _bench.Core.SlotsChanged([], _bench.Now);
            _bench.Core.Tick(_bench.Now);
        }

        Assert.Equal((FrameType.Error, correlation), Effects.Sent.Select(sent => (sent.Type, sent.Correlation)).Single());
        Assert.Equal([ErrorCode.Unavailable], Errors());
        Assert.Equal(0, session.Unanswered);
    }

    [Fact]
    [Trait("Must", "R-PUB-11")]
    public void Publish_BeyondTheWindow_RefusedAndThoseWithoutAckAreNot()
    {
        EdgeSession session = Member("room", 1, 10);
        for (ulong number = 1; number <= 4; number++)
        {
            _bench.Publish(session, "room", number);
        }

        Assert.Equal([ErrorCode.PublishWindowExceeded], Errors());
        _bench.Publish(session, "room", 5, FrameFlags.None);
        Assert.Single(Errors());
    }

    [Fact]
    public void Relay_ErrorForAPublishWithoutAck_TheWindowStaysAsItIs()
    {
        EdgeSession session = Member("room", 1, 10);
        _bench.Publish(session, "room", 1);
        _bench.Publish(session, "room", 2, FrameFlags.None);
        Refuse(session, FrameFlags.None);
        Assert.Equal(1, session.Unanswered);
        Refuse(session, FrameFlags.AckWanted);
        Assert.Equal(0, session.Unanswered);
        Assert.Equal([ErrorCode.NumberExpired, ErrorCode.NumberExpired], Errors());
    }

    [Fact]
    [Trait("Must", "R-PUB-8")]
    public void Publish_BeforeJoined_NotJoined()
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn();
        _bench.Join(session, "room");
        _bench.Publish(session, "room", 1);
        Assert.Equal([ErrorCode.NotJoined], Errors());
        _bench.Opened("room", 1, 10);
        _bench.Publish(session, "room", 1);
        Assert.Single(Errors());
    }

    [Fact]
    public void Publish_MoreThanTheEdgeHolds_Overloaded()
    {
        EdgeSession session = Member("room", 1, 10);
        for (ulong number = 1; Errors().Count == 0 && number < 5000; number++)
        {
            _bench.Publish(session, "room", number, FrameFlags.None);
        }

        Assert.Equal([ErrorCode.Overloaded], Errors());
        Assert.InRange(_bench.Core.HeldBytes, 60 * 1024, 64 * 1024 + 200);
    }

    [Fact]
    public void Publish_NameThatIsNone_ErrorDoesNotEchoIt()
    {
        EdgeSession session = _bench.SignIn();
        _bench.Publish(session, "bad name", 1);
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(Effects.Sent[0].Body, out ErrorBody error));
        Assert.Equal((ErrorCode.NotJoined, true, 1UL), (error.Code, error.Channel.IsEmpty, error.Number));
    }

    [Fact]
    public void SessionClosed_InTheMiddleOfEverything_NothingIsLeft()
    {
        EdgeSession session = Member("live", 1, 10);
        _bench.Join(session, "waiting");
        Member(session, "reading", 1, 30, JoinStart.Resume, new Position(0, 0, 1, 5));
        _bench.Core.SessionClosed(session, _bench.Now);
        Assert.Equal((0, 0, 0), (_bench.Core.SessionCount, _bench.Core.ChannelCount, _bench.Core.MembershipCount));
        int sent = Effects.Sent.Count;
        _bench.Core.LogRead(Effects.Reads[0], new LogPage([EdgeBench.Entry("reading", 1, 1, 30)], false));
        Assert.Equal(sent, Effects.Sent.Count);
        Assert.Empty(Effects.Members);
    }

    [Fact]
    public void Relay_OfAMasterThatIsNotKnown_AsksForTheSlots()
    {
        using var stranger = new EdgeBench();
        stranger.Opened("room", 1, 1);
        Assert.Equal(1, stranger.Effects.SlotReads);
    }

    public void Dispose() => _bench.Dispose();

    private static List<GapReason> Gaps(IEnumerable<(FrameType Type, byte[] Body)> frames)
    {
        var reasons = new List<GapReason>();
        foreach ((FrameType type, byte[] body) in frames)
        {
            if (type == FrameType.Gap)
            {
                Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(body, out GapBody gap));
                reasons.Add(gap.Reason);
            }
        }

        return reasons;
    }

    private void Refuse(EdgeSession session, FrameFlags flags)
    {
        var body = new byte[64];
        new ErrorBody { Code = ErrorCode.NumberExpired, Text = "gone"u8, Number = 1 }.TryEncode(body, out int bytes);
        _bench.Relay(new RelayRecord { Kind = RelayKind.Error, Session = session.Id, Flags = flags, Body = body.AsSpan(0, bytes) });
    }

    private List<ErrorCode> Errors()
    {
        var codes = new List<ErrorCode>();
        foreach ((_, FrameType type, byte[] body, _) in Effects.Sent)
        {
            if (type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                codes.Add(error.Code);
            }
        }

        return codes;
    }

    private List<ulong> Firsts()
    {
        var firsts = new List<ulong>();
        foreach ((_, FrameType type, byte[] body) in Effects.FannedOut)
        {
            if (type == FrameType.Deliver)
            {
                Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(body, out DeliverBody deliver));
                firsts.Add(deliver.First.Seq);
            }
        }

        return firsts;
    }

    private EdgeSession Member(string room, ulong epoch, ulong top, JoinStart start = JoinStart.Live, Position position = default, uint last = 0)
    {
        _bench.OwnSlots();
        EdgeSession session = _bench.SignIn();
        Member(session, room, epoch, top, start, position, last);
        return session;
    }

    private void Member(EdgeSession session, string room, ulong epoch, ulong top, JoinStart start, Position position, uint last = 0)
    {
        _bench.Join(session, room, start, last, position);
        _bench.Opened(room, epoch, top);
    }
}
