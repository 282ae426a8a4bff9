using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Services;

/// <summary>What an edge tells of services and commands when their owner has forgotten all, is another, or cannot be told for a while.</summary>
public sealed class OwnerChangeTests : IDisposable
{
    private readonly EdgeBench _bench = new() { Capabilities = Capabilities.Rooms | Capabilities.Services };

    public OwnerChangeTests()
    {
        _bench.OwnSlots();
        _bench.Relay(Array.Empty<byte[]>());
    }

    [Fact]
    [Trait("Must", "R-SVC-7")]
    public void Register_SessionEndsWhileNoMasterAnswers_IsToldWhenOneDoes()
    {
        EdgeSession session = _bench.SignIn("bot", Role.Service, "news");
        Say(session, FrameType.Register, Bodies.News());
        _bench.Relay(new RelayRecord { Kind = RelayKind.Frame, Session = session.Id, FrameType = FrameType.Registered, Correlation = 1, Body = [0x92, 0xa0, 1] });
        _bench.CompleteAll();
        _bench.Core.SessionClosed(session, _bench.Now);
        _bench.Core.Flush(_bench.Now);
        _bench.Now += 10_000;
        _bench.Core.Tick(_bench.Now);
        int told = _bench.Effects.Upstream.Count;
        _bench.CompleteAll();
        _bench.Effects.Upstream.RemoveRange(0, told);
        Assert.Equal([0], Told(UpstreamKind.Register).Select(record => record.BodyBytes));
    }

    [Fact]
    [Trait("Must", "R-CMD-5")]
    public void Command_AnsweredBeforeTheMasterForgets_IsNotGivenAgain()
    {
        EdgeSession session = Command();
        Answer(session);
        _bench.Effects.Upstream.Clear();
        _bench.Link++;
        _bench.Relay(Array.Empty<byte[]>());
        Assert.Empty(Told(UpstreamKind.Command));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Command_TheOwnerIsAnother_WaitsForItOnlyWhenItHasNoAnswer(bool isAnswered)
    {
        EdgeSession session = Command();
        if (isAnswered)
        {
            Answer(session);
        }

        _bench.OwnSlots(2, "another");
        Assert.Equal(isAnswered, _bench.Core.HeldBytes == 0);
    }

    public void Dispose() => _bench.Dispose();

    // The master has it, and has not confirmed that it needs it no more.
    private EdgeSession Command()
    {
        EdgeSession session = _bench.SignIn();
        Say(session, FrameType.Command, Bodies.Command("news", "latest", []));
        _bench.ReceiveAll();
        return session;
    }

    private void Answer(EdgeSession session)
    {
        uint id = Assert.Single(Told(UpstreamKind.Command)).Correlation;
        _bench.Relay(new RelayRecord { Kind = RelayKind.Outcome, Session = session.Id, FrameType = FrameType.Result, Correlation = id, Body = [0x90] });
    }

    private void Say(EdgeSession session, FrameType type, byte[] body)
    {
        _bench.Core.Frames(session, ClientFrames.Frame(type, FrameFlags.None, 1, body), _bench.Now);
        _bench.Core.Flush(_bench.Now);
    }

    private List<(uint Correlation, int BodyBytes)> Told(UpstreamKind kind)
    {
        List<(uint, int)> told = [];
        foreach (byte[] message in _bench.Effects.Upstream)
        {
            var reader = new MessagePackReader(message);
            UpstreamHeader.Read(ref reader);
            while (reader.RemainingBytes > 0)
            {
                UpstreamRecord record = UpstreamRecord.Read(ref reader, message);
                if (record.Kind == kind)
                {
                    told.Add((record.Correlation, record.Body.Length));
                }
            }
        }

        return told;
    }
}
