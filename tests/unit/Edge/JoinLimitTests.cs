using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>JOINs beyond what a session, the edge or the master has room for: refused for now, and nothing is kept.</summary>
public sealed class JoinLimitTests : IDisposable
{
    private readonly EdgeBench _bench = new(options =>
    {
        options.JoinsPerSecondMax = 2;
        options.ChannelsPerSessionMax = 4;
        options.ChannelsMax = 6;
        options.MembershipsMax = 8;
    });

    private RecordingEffects Effects => _bench.Effects;

    [Fact]
    public void Join_AllChannelsOfASessionAtOnce_AreTaken()
    {
        EdgeSession session = SignIn();
        JoinMany(session, 4);
        Assert.Empty(Errors());
        Assert.Equal(4, _bench.Core.MembershipCount);
    }

    [Fact]
    [Trait("Must", "R-ERROR-4")]
    public void Join_AboveTheRate_RateLimitedUntilTheTimeThatIsTold()
    {
        EdgeSession session = SignIn();
        for (int i = 0; i < 1000; i++)
        {
            _bench.Join(session, $"room-{i}");
            _bench.Leave(session, $"room-{i}");
        }

        Assert.All(Errors().Where(error => error.Code != ErrorCode.NotJoined), error => Assert.Equal(ErrorCode.RateLimited, error.Code));
        (ErrorCode Code, uint RetryAfter, string Channel) last = Errors().Last(error => error.Code == ErrorCode.RateLimited);
        Assert.Equal("room-999", last.Channel);
        Assert.InRange(last.RetryAfter, 1U, 1000U);
        Assert.Equal((0, 0), (_bench.Core.ChannelCount, _bench.Core.MembershipCount));

        Effects.Sent.Clear();
        _bench.Now += last.RetryAfter;
        _bench.Join(session, last.Channel);
        Assert.Empty(Errors());
        Assert.Equal(1, _bench.Core.MembershipCount);
    }

    [Fact]
    public void Join_MoreChannelsThanTheEdgeKeeps_OverloadedButKnownOnesAreOpen()
    {
        JoinMany(SignIn("alice"), 4);
        EdgeSession bob = SignIn("bob");
        JoinMany(bob, 3, "other");
        Assert.Equal([ErrorCode.Overloaded], Errors().Select(error => error.Code));
        Assert.Equal(6, _bench.Core.ChannelCount);
        _bench.Join(bob, "room-0");
        Assert.Single(Errors());
        Assert.Equal(7, _bench.Core.MembershipCount);
    }

    [Fact]
    public void Join_MoreMembershipsThanTheEdgeKeeps_Overloaded()
    {
        JoinMany(SignIn("alice"), 4);
        JoinMany(SignIn("bob"), 4);
        JoinMany(SignIn("carol"), 1);
        Assert.Equal([ErrorCode.Overloaded], Errors().Select(error => error.Code));
        Assert.Equal(8, _bench.Core.MembershipCount);
    }

    [Fact]
    public void Relay_InterestRefused_EverybodyWhoWaitsIsToldAndTheRestIsNot()
    {
        EdgeSession alice = SignIn("alice");
        EdgeSession bob = SignIn("bob");
        uint first = _bench.Join(alice, "full");
        uint second = _bench.Join(bob, "full");
        _bench.Join(bob, "room");
        Refuse("full");
        Assert.Equal([(alice.Id, first), (bob.Id, second)], Effects.Sent.Select(sent => (sent.Session, sent.Correlation)));
        Assert.All(Errors(), error => Assert.Equal((ErrorCode.Overloaded, 700U, "full"), error));
        Assert.Equal((1, 1), (_bench.Core.ChannelCount, _bench.Core.MembershipCount));
    }

    [Fact]
    public void Relay_InterestRefusedOfAChannelWithMembers_AskedAgainWithTheNextTick()
    {
        EdgeSession alice = SignIn();
        _bench.Join(alice, "room");
        _bench.Opened("room", 1, 5);
        Refuse("room");
        Assert.Equal(1, _bench.Core.MembershipCount);
        Assert.Empty(Errors());
        int heldBytes = _bench.Core.HeldBytes;
        _bench.Core.Tick(_bench.Now += 1000);
        Assert.True(_bench.Core.HeldBytes > heldBytes, "no interest is on its way");
        heldBytes = _bench.Core.HeldBytes;
        _bench.Core.Tick(_bench.Now += 1000);
        Assert.Equal(heldBytes, _bench.Core.HeldBytes);
    }

    public void Dispose() => _bench.Dispose();

    private EdgeSession SignIn(string user = "alice")
    {
        _bench.OwnSlots();
        return _bench.SignIn(user);
    }

    private void JoinMany(EdgeSession session, int count, string prefix = "room")
    {
        for (int i = 0; i < count; i++)
        {
            _bench.Join(session, $"{prefix}-{i}");
        }
    }

    private void Refuse(string channel)
    {
        var body = new byte[256];
        new ErrorBody
        {
            Code = ErrorCode.Overloaded, Text = "full"u8, RetryAfterMilliseconds = 700, Channel = Encoding.UTF8.GetBytes(channel),
        }.TryEncode(body, out int bytes);
        _bench.Relay(new RelayRecord { Kind = RelayKind.Error, Body = body.AsSpan(0, bytes) });
    }

    private List<(ErrorCode Code, uint RetryAfter, string Channel)> Errors()
    {
        var errors = new List<(ErrorCode, uint, string)>();
        foreach ((_, FrameType type, byte[] body, _) in Effects.Sent)
        {
            if (type == FrameType.Error)
            {
                Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
                errors.Add((error.Code, error.RetryAfterMilliseconds, Encoding.UTF8.GetString(error.Channel)));
            }
        }

        return errors;
    }
}
