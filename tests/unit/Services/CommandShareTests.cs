using RelayServer.Edge.Services;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Services;

/// <summary>How much of commands an edge keeps until they are answered, and whose.</summary>
public sealed class CommandShareTests : IDisposable
{
    private readonly EdgeBench _bench = new(options => options.CommandsPerSecondMax = 0) { Capabilities = Capabilities.Rooms | Capabilities.Services };
    private readonly Dictionary<string, EdgeSession> _sessions = [];
    private readonly byte[] _full = OfBytes(Commands.BodyBytesMax);
    private uint _correlation;

    public CommandShareTests()
    {
        _bench.OwnSlots();
        _bench.Relay(Array.Empty<byte[]>());
    }

    [Fact]
    public void Command_AsLargeAsOneMayBe_IsTakenAndNotOneByteMore()
    {
        Assert.Null(Give("alice", _full));
        Assert.Equal(ErrorCode.PayloadTooLarge, Give("alice", OfBytes(Commands.BodyBytesMax + 1)));
    }

    [Fact]
    public void Command_UserHasHisShareByManySessions_OnlyHeIsRefusedUntilOneIsAnswered()
    {
        GiveShareOf("alice");
        Assert.Equal(ErrorCode.Overloaded, Give("alice", _full));
        Assert.Null(Give("bob", _full));

        _bench.Relay(new RelayRecord { Kind = RelayKind.Outcome, FrameType = FrameType.Result, Correlation = 1, Body = [0x90] });
        Assert.Null(Give("alice", _full));
        Assert.Equal(ErrorCode.Overloaded, Give("alice", _full));
    }

    [Fact]
    public void Command_UserLeft_HisShareIsFree()
    {
        GiveShareOf("alice");
        foreach (EdgeSession session in _sessions.Values)
        {
            _bench.Core.SessionClosed(session, _bench.Now);
        }

        _sessions.Clear();
        GiveShareOf("alice");
    }

    [Fact]
    public void Command_AsMuchAsAllMayKeepWaiting_IsRefusedToEverybody()
    {
        for (int user = 0; user < Commands.BytesMax / Commands.UserBytesMax; user++)
        {
            GiveShareOf($"user-{user}");
        }

        Assert.Equal(ErrorCode.Overloaded, Give("alice", _full));
    }

    public void Dispose() => _bench.Dispose();

    private void GiveShareOf(string user)
    {
        for (int given = 0; given < Commands.UserBytesMax / Commands.BodyBytesMax; given++)
        {
            Assert.Null(Give(user, _full, given / Commands.PendingMax));
        }
    }

    // Why it is refused; null when it goes to the masters.
    private ErrorCode? Give(string user, byte[] body, int session = 99)
    {
        string key = $"{user}/{session}";
        if (!_sessions.TryGetValue(key, out EdgeSession? from))
        {
            _sessions.Add(key, from = _bench.SignIn(user));
        }

        _bench.Effects.Sent.Clear();
        _bench.Core.Frames(from, ClientFrames.Frame(FrameType.Command, FrameFlags.None, ++_correlation, body), _bench.Now);
        _bench.Core.Flush(_bench.Now);
        _bench.CompleteAll();
        Assert.Empty(_bench.Effects.Closed);
        return _bench.Effects.Sent.Count == 0 ? null
            : ErrorBody.TryDecode(Assert.Single(_bench.Effects.Sent).Body, out ErrorBody error) == DecodeStatus.Ok ? error.Code
            : throw new InvalidOperationException("An ERROR cannot be read.");
    }

    private static byte[] OfBytes(int bytes)
    {
        string[] arguments = [.. Enumerable.Repeat(new string('a', bytes / ProtocolLimits.ArgumentsMax), ProtocolLimits.ArgumentsMax - 1), ""];
        byte[] body;
        while ((body = Bodies.Command("news", "latest", arguments)).Length < bytes)
        {
            arguments[^1] += "a";
        }

        Assert.Equal(bytes, body.Length);
        return body;
    }
}
